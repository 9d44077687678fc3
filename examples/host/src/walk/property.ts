/** A property of what came as JSON; undefined where there is none. */
export const property = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

/** Only these properties, as far as there are any. */
export const pick = (value: unknown, names: ReadonlyArray<string>): object =>
  Object.fromEntries(
    names.map((name) => [name, property(value, name)]).filter(([, found]) => found !== undefined),
  )

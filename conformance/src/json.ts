// What arrives from outside, read without trust in its shape.

/** A field of something that may not be an object at all. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

export const text = (value: unknown, name: string): string | undefined => {
  const found = field(value, name)
  return typeof found === "string" ? found : undefined
}

export const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

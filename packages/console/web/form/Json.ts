export type Json = boolean | number | string | null | ReadonlyArray<Json> | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** Deeper than any schema or argument that somebody would look at, and not as deep as the stack. */
const deepest = 256

/** Takes what was parsed from JSON, or received as such, for JSON, unless it is nested without sense. */
export const isJson = (value: unknown, depth = 0): value is Json =>
  value === null ||
  ["boolean", "number", "string"].includes(typeof value) ||
  (typeof value === "object" &&
    depth < deepest &&
    Object.values(value).every((each) => isJson(each, depth + 1)))

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A property of an object's own: what is named "constructor" need not be there. */
export const property = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

export const text = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : undefined

export const number = (value: Json | undefined): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined

export const list = (value: Json | undefined): ReadonlyArray<Json> => (Array.isArray(value) ? value : [])

export const isSame = (one: Json, other: Json): boolean => JSON.stringify(one) === JSON.stringify(other)

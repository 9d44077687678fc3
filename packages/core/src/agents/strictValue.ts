import { spend, type StrictContext, type StrictNode } from "./StrictNode.ts"
import type { JsonObject } from "./offerSchema.ts"

// What strict mode can say of values that are no objects (OpenAI's guide to structured outputs, "Supported schemas").
const keywordsOf: Readonly<Record<string, ReadonlyArray<string>>> = {
  array: ["items", "maxItems", "minItems"],
  boolean: [],
  integer: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  null: [],
  number: ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"],
  string: ["format", "maxLength", "minLength", "pattern"],
}
const numeric = new Set([...(keywordsOf["number"] ?? []), "maxItems", "maxLength", "minItems", "minLength"])
const formats = new Set([
  "date",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "time",
  "uuid",
])

/** A list or a plain value. */
export const strictValue = (
  schema: JsonObject,
  types: ReadonlyArray<unknown>,
  said: ReadonlyArray<string>,
  context: StrictContext,
  depth: number,
): StrictNode | undefined => {
  const allowed = new Set(["const", "enum", "type"])
  for (const type of types) {
    const keywords =
      typeof type === "string" && Object.hasOwn(keywordsOf, type) ? keywordsOf[type] : undefined
    if (keywords === undefined) return undefined
    for (const keyword of keywords) allowed.add(keyword)
  }
  if (!said.every((keyword) => allowed.has(keyword) && isSound(keyword, schema[keyword]))) return undefined
  const listed = listedValues(schema, context)
  if (listed === undefined) return undefined

  const kept = Object.fromEntries(
    Object.entries(schema).filter(
      ([keyword, value]) =>
        keyword === "description" ||
        // JSON Schema 2020-12, validation, section 7: a format says something of a value, and demands nothing.
        (keyword === "format" ? formats.has(String(value)) : said.includes(keyword) && keyword !== "items"),
    ),
  )
  const isPlain = (value: unknown) =>
    types.some((type) => isOfType(value, type)) && (listed.length === 0 || listed.includes(value))
  if (!types.includes("array")) {
    return { schema: kept, refs: [], heads: [], fits: isPlain, restore: (value) => value }
  }

  const items = context.toNode(schema["items"], depth)
  if (items === undefined) return undefined
  return {
    schema: { ...kept, items: items.schema },
    refs: items.refs,
    heads: [],
    fits: (value, work) =>
      isPlain(value) &&
      (!Array.isArray(value) || value.every((item) => (work.steps -= 1) > 0 && items.fits(item, work))),
    restore: (value, work) =>
      Array.isArray(value)
        ? value.map((item) => ((work.steps -= 1) > 0 ? items.restore(item, work) : item))
        : value,
  }
}

/** The values that alone are allowed, none where all are; `undefined` where strict mode does not take them. */
const listedValues = (schema: JsonObject, { budget }: StrictContext): ReadonlyArray<unknown> | undefined => {
  const listed: unknown = "const" in schema ? [schema["const"]] : (schema["enum"] ?? [])
  if (!Array.isArray(listed) || ("enum" in schema && listed.length === 0)) return undefined
  if (!listed.every((value) => value === null || typeof value !== "object")) return undefined
  const characters = listed.reduce<number>((sum, value) => sum + String(value).length, 0)
  if (listed.length > 250 && characters > 15_000) return undefined
  return spend(budget, "enumValues", listed.length) && spend(budget, "characters", characters)
    ? listed
    : undefined
}

/** Whether the value of a keyword is one that providers take. */
const isSound = (keyword: string, value: unknown): boolean => {
  if (numeric.has(keyword)) return typeof value === "number"
  if (keyword !== "pattern") return true
  // Their own engine has no look-around, and says no to the whole request.
  return typeof value === "string" && !value.includes("(?") && isPattern(value)
}

const isPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern, "u") instanceof RegExp
  } catch {
    return false
  }
}

const isOfType = (value: unknown, type: unknown): boolean => {
  switch (type) {
    case "array":
      return Array.isArray(value)
    case "integer":
      return Number.isInteger(value)
    case "null":
      return value === null
    default:
      return typeof value === type
  }
}

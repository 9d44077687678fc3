import { isObject, type Json, type JsonObject, list, number, property, text } from "./Json.ts"
import { resolveSchema } from "./resolveSchema.ts"

/** One of a few values. */
export interface Choice {
  readonly label: string
  readonly value: Json
}

export interface Property {
  readonly name: string
  readonly isRequired: boolean
  readonly schema: Json
}

export interface Variant {
  readonly label: string
  readonly schema: Json
}

export type TextFormat = "date" | "date-time" | "email" | "plain" | "time" | "uri"

/** How a value of a schema is asked for. */
export type FieldKind =
  | {
      readonly kind: "text"
      readonly format: TextFormat
      readonly minLength: number
      readonly maxLength: number
      readonly pattern: string | undefined
    }
  | {
      readonly kind: "number"
      readonly isInteger: boolean
      readonly minimum: number | undefined
      readonly maximum: number | undefined
    }
  | { readonly kind: "boolean" }
  | { readonly kind: "choice"; readonly choices: ReadonlyArray<Choice> }
  | { readonly kind: "object"; readonly properties: ReadonlyArray<Property> }
  | { readonly kind: "list"; readonly item: Json; readonly minItems: number; readonly maxItems: number }
  | { readonly kind: "variants"; readonly variants: ReadonlyArray<Variant> }
  /** What no form is made for: it is written as JSON. */
  | { readonly kind: "json" }

export type Field = FieldKind & {
  readonly title: string | undefined
  readonly description: string | undefined
  readonly isNullable: boolean
  readonly initial: Json | undefined
}

/** Deeper than that a form is of no use: what is there is written as JSON. It also ends cycles of references. */
const deepest = 8
const most = { choices: 500, properties: 100, variants: 30 }

/** The field that asks for a value of a schema, `depth` levels below the root. */
export const fieldOf = (schema: Json, root: Json, depth: number): Field => {
  const whole = resolveSchema(schema, root)
  const isNullable = allowsNull(whole, root)
  const only = isNullable ? withoutNull(whole, root) : whole
  return {
    ...(depth > deepest ? { kind: "json" } : kindOf(only, root)),
    title: text(property(whole, "title")) ?? text(property(only, "title")),
    description: text(property(whole, "description")) ?? text(property(only, "description")),
    isNullable,
    initial: property(whole, "default") ?? property(only, "default"),
  }
}

const kindOf = (schema: JsonObject, root: Json): FieldKind => {
  const choices = choicesOf(schema, root)
  if (choices !== undefined) {
    return choices.length > most.choices ? { kind: "json" } : { kind: "choice", choices }
  }
  const alternatives = alternativesOf(schema)
  if (alternatives.length > 0) {
    return alternatives.length > most.variants ? { kind: "json" } : variants(schema, alternatives, root)
  }
  const type = property(schema, "type")
  if (Array.isArray(type)) {
    return variants(
      schema,
      type.map((each) => ({ ...schema, type: each })),
      root,
    )
  }
  switch (type ?? impliedType(schema)) {
    case "string":
      return {
        kind: "text",
        format: formatOf(schema),
        minLength: number(property(schema, "minLength")) ?? 0,
        maxLength: number(property(schema, "maxLength")) ?? Infinity,
        pattern: text(property(schema, "pattern")),
      }
    case "integer":
    case "number":
      return {
        kind: "number",
        isInteger: type === "integer",
        minimum: number(property(schema, "minimum")),
        maximum: number(property(schema, "maximum")),
      }
    case "boolean":
      return { kind: "boolean" }
    case "object":
      return objectKind(schema)
    case "array": {
      const item = property(schema, "items")
      return property(schema, "prefixItems") !== undefined || Array.isArray(item)
        ? { kind: "json" }
        : {
            kind: "list",
            item: item ?? {},
            minItems: number(property(schema, "minItems")) ?? 0,
            maxItems: number(property(schema, "maxItems")) ?? Infinity,
          }
    }
    default:
      return { kind: "json" }
  }
}

const impliedType = (schema: JsonObject): string | undefined =>
  isObject(property(schema, "properties"))
    ? "object"
    : property(schema, "items") === undefined
      ? undefined
      : "array"

const objectKind = (schema: JsonObject): FieldKind => {
  const properties = Object.entries(property(schema, "properties") ?? {})
  const required = new Set(list(property(schema, "required")))
  // An object of which no name is known, a map perhaps, has no fields to show.
  if (properties.length === 0 && property(schema, "additionalProperties") !== false) {
    return property(schema, "properties") === undefined
      ? { kind: "json" }
      : { kind: "object", properties: [] }
  }
  if (properties.length > most.properties) return { kind: "json" }
  return {
    kind: "object",
    properties: properties.map(([name, schema]) => ({ name, schema, isRequired: required.has(name) })),
  }
}

const formats: ReadonlyArray<TextFormat> = ["date", "date-time", "email", "time", "uri"]
const formatOf = (schema: JsonObject): TextFormat =>
  formats.find((format) => format === property(schema, "format")) ?? "plain"

const alternativesOf = (schema: JsonObject): ReadonlyArray<Json> => {
  const one = list(property(schema, "oneOf"))
  // One more than what a form is made for: enough to see that none is.
  return (one.length > 0 ? one : list(property(schema, "anyOf"))).slice(0, most.choices + 1)
}

const isNullSchema = (schema: JsonObject): boolean =>
  property(schema, "type") === "null" || property(schema, "const") === null

const allowsNull = (schema: JsonObject, root: Json): boolean => {
  const type = property(schema, "type")
  if (Array.isArray(type) && type.includes("null")) return true
  if (property(schema, "nullable") === true) return true
  if (list(property(schema, "enum")).includes(null)) return true
  return alternativesOf(schema).some((each) => isNullSchema(resolveSchema(each, root)))
}

/** The same schema for the values that are not null. */
const withoutNull = (schema: JsonObject, root: Json): JsonObject => {
  const { anyOf: _, oneOf: __, ...beside } = schema
  const type = property(schema, "type")
  const types = Array.isArray(type) ? type.filter((each) => each !== "null") : []
  const [onlyType] = types
  const narrowed: JsonObject = {
    ...beside,
    ...(Array.isArray(type) ? { type: types.length === 1 && onlyType !== undefined ? onlyType : types } : {}),
    ...(Array.isArray(property(schema, "enum"))
      ? { enum: list(property(schema, "enum")).filter((each) => each !== null) }
      : {}),
  }
  const alternatives = alternativesOf(schema).filter((each) => !isNullSchema(resolveSchema(each, root)))
  const [only] = alternatives
  if (alternatives.length === 0) return narrowed
  return alternatives.length === 1 && only !== undefined
    ? { ...resolveSchema(only, root), ...narrowed }
    : { ...narrowed, anyOf: alternatives }
}

const choicesOf = (schema: JsonObject, root: Json): ReadonlyArray<Choice> | undefined => {
  const values = property(schema, "enum")
  if (Array.isArray(values)) {
    const names = list(property(schema, "enumNames"))
    return values.map((value, index) => ({ label: text(names[index]) ?? labelOf(value), value }))
  }
  const constant = property(schema, "const")
  if (constant !== undefined) return [{ label: labelOf(constant), value: constant }]
  const alternatives = alternativesOf(schema).map((each) => resolveSchema(each, root))
  if (alternatives.length === 0 || alternatives.some((each) => property(each, "const") === undefined)) {
    return undefined
  }
  return alternatives.map((each) => {
    const value = property(each, "const") ?? null
    return { label: text(property(each, "title")) ?? labelOf(value), value }
  })
}

const labelOf = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value))

const variants = (schema: JsonObject, alternatives: ReadonlyArray<Json>, root: Json): FieldKind => {
  const { anyOf: _, default: __, description: ___, oneOf: ____, title: _____, ...beside } = schema
  return {
    kind: "variants",
    variants: alternatives.map((alternative, index) => {
      const resolved = resolveSchema({ allOf: [beside, alternative] }, root)
      const own = resolveSchema(alternative, root)
      return { label: variantLabel(own) ?? `Variant ${index + 1}`, schema: resolved }
    }),
  }
}

const typeNames: Readonly<Record<string, string>> = {
  array: "List",
  boolean: "Yes or no",
  integer: "Whole number",
  null: "Null",
  number: "Number",
  object: "Object",
  string: "Text",
}

/** By its title, by the constant that tells it from the others, or by its type. */
const variantLabel = (schema: JsonObject): string | undefined => {
  const title = text(property(schema, "title"))
  if (title !== undefined) return title
  for (const [name, each] of Object.entries(property(schema, "properties") ?? {})) {
    const constant = property(each, "const") ?? singleOf(property(each, "enum"))
    if (constant !== undefined) return `${name}: ${labelOf(constant)}`
  }
  const type = text(property(schema, "type"))
  return type === undefined || !Object.hasOwn(typeNames, type) ? undefined : typeNames[type]
}

const singleOf = (values: Json | undefined): Json | undefined =>
  Array.isArray(values) && values.length === 1 ? values[0] : undefined

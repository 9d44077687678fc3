import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { listsOfSchemas, mapsOfSchemas, singleSchemas } from "./schemaKeywords.ts"

/**
 * What a tool's input schema is good for. `STRICT_COMPLIANT` fits the strict mode of model providers (every object
 * closed, every property required), `NON_STRICT_ONLY` their ordinary mode, `INVALID` none: the tool is kept and
 * shown, and is not to be offered to a model. The words are those of Letta's API.
 */
export const SchemaHealth = Schema.Struct({
  status: Schema.Literals(["STRICT_COMPLIANT", "NON_STRICT_ONLY", "INVALID"]),
  /** What is wrong or not strict, each with its place as a JSON Pointer. At most ten. */
  warnings: Schema.Array(Schema.String),
})
export interface SchemaHealth extends Schema.Schema.Type<typeof SchemaHealth> {}

/** How large a tool's schema may be before it counts as invalid. */
export interface SchemaLimits {
  /** Nesting of schemas within schemas. */
  readonly maxSchemaDepth: number
  /** Schemas in all, which bounds the work of judging one. */
  readonly maxSchemaNodes: number
}

const maxWarnings = 10

/** Judges the input schema of a tool. It reads every nested schema once and follows no `$ref`. */
export const checkSchemaHealth = (inputSchema: unknown, limits: SchemaLimits): SchemaHealth => {
  const errors: Array<string> = []
  const looseness: Array<string> = []

  if (!Predicate.isObject(inputSchema)) {
    return {
      status: "INVALID",
      warnings: ['The tool has no input schema that can be used: it must be an object of type "object".'],
    }
  }
  if (inputSchema["type"] !== "object") errors.push('/type: must be "object"')

  const pending: Array<{ readonly schema: unknown; readonly pointer: string; readonly depth: number }> = [
    { schema: inputSchema, pointer: "", depth: 0 },
  ]
  let nodes = 0
  for (let next = pending.pop(); next !== undefined && errors.length < maxWarnings; next = pending.pop()) {
    const { depth, pointer, schema } = next
    nodes += 1
    if (nodes > limits.maxSchemaNodes) {
      errors.push(`The schema has more than ${limits.maxSchemaNodes} parts.`)
      break
    }
    if (depth > limits.maxSchemaDepth) {
      errors.push(`${shortenedPointer(pointer)}: nested deeper than ${limits.maxSchemaDepth} schemas`)
      break
    }
    // JSON Schema 2020-12, section 4.3.2: true and false are schemas too.
    if (typeof schema === "boolean") continue
    if (!Predicate.isObject(schema)) {
      errors.push(`${shortenedPointer(pointer)}: must be a schema`)
      continue
    }
    checkKeywords(schema, shortenedPointer(pointer), errors, looseness)
    for (const [child, at] of subschemas(schema)) {
      pending.push({ schema: child, pointer: `${pointer}${at}`, depth: depth + 1 })
    }
  }

  if (errors.length > 0) return { status: "INVALID", warnings: errors.slice(0, maxWarnings) }
  if (looseness.length > 0) return { status: "NON_STRICT_ONLY", warnings: looseness.slice(0, maxWarnings) }
  return { status: "STRICT_COMPLIANT", warnings: [] }
}

/** Checks what one schema says itself, its nested schemas aside. */
const checkKeywords = (
  schema: Readonly<Record<PropertyKey, unknown>>,
  pointer: string,
  errors: Array<string>,
  looseness: Array<string>,
): void => {
  const { $ref: ref, additionalProperties, properties, required, type } = schema

  if (ref !== undefined && !(typeof ref === "string" && ref.startsWith("#"))) {
    errors.push(`${pointer}/$ref: only references within the schema are followed`)
  }
  if (type !== undefined && typeof type !== "string" && !isStrings(type))
    errors.push(`${pointer}/type: must be a string or strings`)
  if (properties !== undefined && !Predicate.isObject(properties))
    errors.push(`${pointer}/properties: must be an object`)
  if (required !== undefined && !isStrings(required))
    errors.push(`${pointer}/required: must be an array of strings`)

  if (type !== "object" && properties === undefined) return
  if (additionalProperties !== false) looseness.push(`${pointer}/additionalProperties: is not false`)
  const names = Predicate.isObject(properties) ? Object.keys(properties) : []
  const demanded = new Set(isStrings(required) ? required : [])
  const optional = names.filter((name) => !demanded.has(name))
  if (optional.length > 0) looseness.push(`${pointer}/required: lacks ${optional.slice(0, 5).join(", ")}`)
}

const isStrings = (value: unknown): value is ReadonlyArray<string> =>
  Array.isArray(value) && value.every((item) => typeof item === "string")

/** The schemas directly within a schema, each with its place. */
const subschemas = function* (
  schema: Readonly<Record<PropertyKey, unknown>>,
): Generator<readonly [schema: unknown, at: string]> {
  for (const keyword of mapsOfSchemas) {
    const map = schema[keyword]
    if (!Predicate.isObject(map)) continue
    for (const [name, child] of Object.entries(map)) yield [child, `/${keyword}/${name}`]
  }
  for (const keyword of listsOfSchemas) {
    const list = schema[keyword]
    if (!Array.isArray(list)) continue
    for (const [index, child] of list.entries()) yield [child, `/${keyword}/${index}`]
  }
  for (const keyword of singleSchemas) {
    const child = schema[keyword]
    if (child === undefined) continue
    // Before 2020-12 `items` could be a list of schemas.
    if (keyword === "items" && Array.isArray(child)) {
      for (const [index, item] of child.entries()) yield [item, `/items/${index}`]
    } else yield [child, `/${keyword}`]
  }
}

const shortenedPointer = (pointer: string): string =>
  pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer

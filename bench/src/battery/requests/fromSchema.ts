import * as fc from "fast-check"
import type { Arbitrary } from "fast-check"
import type { JsonSchema } from "./OpenApi.ts"

/** Values for properties by their names, where any text of the right type would mean nothing to the API. */
export type Hints = Readonly<Record<string, Arbitrary<unknown>>>

/** Values that fit a schema; only what documents of Mooring say is understood. */
export const fromSchema = (
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
  hints: Hints,
): Arbitrary<unknown> => {
  const inner = (part: unknown) => fromSchema(isObject(part) ? part : {}, schemas, hints)
  const { additionalProperties, anyOf, items, maximum, minimum, properties, required, type } = schema
  const ref = schema["$ref"]
  if (typeof ref === "string") {
    const name = ref.slice("#/components/schemas/".length)
    const target = schemas[name]
    if (target === undefined) throw new Error(`There is no schema ${name}`)
    return inner(target)
  }
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...schema["enum"])
  if ("const" in schema) return fc.constant(schema["const"])
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map(inner))
  switch (type) {
    case "string":
      return fc.oneof(
        fc.string({ minLength: 1, maxLength: 20 }),
        fc.string({ unit: "binary", maxLength: 40 }),
      )
    case "integer":
    case "number":
      return fc.integer({ min: Number(minimum ?? -1000), max: Number(maximum ?? 1000) })
    case "boolean":
      return fc.boolean()
    case "null":
      return fc.constant(null)
    case "array":
      return fc.array(inner(items), { maxLength: 5 })
    case "object":
      return isObject(properties)
        ? fc.record(
            Object.fromEntries(
              Object.entries(properties).map(([name, property]) => [name, hints[name] ?? inner(property)]),
            ),
            { requiredKeys: Array.isArray(required) ? required.map(String) : [] },
          )
        : fc.dictionary(
            fc.string({ maxLength: 12 }),
            isObject(additionalProperties) ? inner(additionalProperties) : fc.jsonValue({ maxDepth: 3 }),
            { maxKeys: 5 },
          )
    default:
      return fc.jsonValue({ maxDepth: 3 })
  }
}

export const isObject = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value)

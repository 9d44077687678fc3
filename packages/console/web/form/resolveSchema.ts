import { isObject, type Json, type JsonObject, list, property, text } from "./Json.ts"

/** So many steps are enough for any schema that somebody wrote, and end those that are made to have no end. */
const mostSteps = 500
const mostParts = 100

interface Steps {
  left: number
}

/**
 * A schema with what it refers to, and what it is composed of by `allOf`, put in its place. References are followed
 * within the document alone; one that leads nowhere, or in a circle, gives a schema that allows everything.
 */
export const resolveSchema = (schema: Json, root: Json, steps: Steps = { left: mostSteps }): JsonObject => {
  if (!isObject(schema) || steps.left-- <= 0) return {}
  const ref = text(property(schema, "$ref")) ?? text(property(schema, "$dynamicRef"))
  if (ref !== undefined) {
    const { $ref: _, $dynamicRef: __, ...beside } = schema
    return merge(resolveSchema(find(root, ref), root, steps), beside)
  }
  const parts = list(property(schema, "allOf"))
  if (parts.length === 0 || parts.length > mostParts) return schema
  const { allOf: _, ...beside } = schema
  return parts.reduce<JsonObject>((merged, part) => merge(merged, resolveSchema(part, root, steps)), beside)
}

const find = (root: Json, ref: string): Json => {
  if (!ref.startsWith("#")) return {}
  let found: Json | undefined = root
  for (const step of ref.slice(1).split("/").slice(1)) {
    // RFC 6901 section 6, within a fragment.
    const name = decode(step).replaceAll("~1", "/").replaceAll("~0", "~")
    found = Array.isArray(found) ? found[Number(name)] : property(found, name)
    if (found === undefined) return {}
  }
  return found
}

const decode = (step: string): string => {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}

const merge = (one: JsonObject, other: JsonObject): JsonObject => {
  const merged: JsonObject = { ...one, ...other }
  const properties = [one, other].map((schema) => property(schema, "properties")).filter(isObject)
  const required = [one, other].flatMap((schema) => list(property(schema, "required")))
  return {
    ...merged,
    ...(properties.length === 0
      ? {}
      : { properties: Object.fromEntries(properties.flatMap((each) => Object.entries(each))) }),
    ...(required.length === 0 ? {} : { required }),
  }
}

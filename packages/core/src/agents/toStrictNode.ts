import * as Predicate from "effect/Predicate"
import type { JsonObject } from "./offerSchema.ts"
import { type StrictContext, type StrictNode, unionOf } from "./StrictNode.ts"
import { strictObject } from "./strictObject.ts"
import { strictValue } from "./strictValue.ts"

/** Says nothing of the values: may be left out. `default` is what the server takes for what is not there. */
const annotations = new Set([
  "$comment",
  "$id",
  "$schema",
  "default",
  "deprecated",
  "description",
  "examples",
  "readOnly",
  "title",
  "writeOnly",
])

/** What `StrictContext.toNode` is: reads a schema by its kind. */
export const toStrictNode = (
  schema: unknown,
  context: StrictContext,
  depth: number,
): StrictNode | undefined => {
  if (!Predicate.isObject(schema) || depth > context.budget.depth) return undefined
  const said = Object.keys(schema).filter((keyword) => !annotations.has(keyword))
  const description = typeof schema["description"] === "string" ? { description: schema["description"] } : {}

  if ("$ref" in schema) return said.length > 1 ? undefined : reference(schema["$ref"], context)
  if ("anyOf" in schema)
    return said.length > 1 ? undefined : union(schema["anyOf"], description, context, depth)

  const listed: unknown = schema["type"]
  const types = Array.isArray(listed) ? listed : [listed]
  if (types.includes("object")) return strictObject(schema, types, said, context, depth)
  return strictValue(schema, types, said, context, depth)
}

const reference = (ref: unknown, { nodeOf, sources }: StrictContext): StrictNode | undefined => {
  if (typeof ref !== "string" || !(ref === "#" || sources.has(ref))) return undefined
  return {
    // OpenAI takes nothing beside a reference.
    schema: { $ref: ref },
    refs: [ref],
    heads: [ref],
    fits: (value, work) => (work.steps -= 1) > 0 && nodeOf(ref)?.fits(value, work) === true,
    restore: (value, work) => ((work.steps -= 1) > 0 ? (nodeOf(ref)?.restore(value, work) ?? value) : value),
  }
}

const union = (
  branches: unknown,
  description: JsonObject,
  context: StrictContext,
  depth: number,
): StrictNode | undefined => {
  if (!Array.isArray(branches) || branches.length === 0) return undefined
  const nodes: Array<StrictNode> = []
  for (const branch of branches) {
    const node = context.toNode(branch, depth)
    if (node === undefined) return undefined
    nodes.push(node)
  }
  return unionOf(nodes, description)
}

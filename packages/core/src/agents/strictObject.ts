import * as Predicate from "effect/Predicate"
import type { JsonObject } from "./offerSchema.ts"
import { spend, type StrictContext, type StrictNode, unionOf } from "./StrictNode.ts"

const keywords = new Set(["additionalProperties", "properties", "required", "type"])

interface StrictProperty {
  readonly node: StrictNode
  /** As the schema has it: with null beside it where the property is optional. */
  readonly offered: StrictNode
  readonly isOptional: boolean
}

/** A closed object with every property required; `undefined` where the schema wants to be open. */
export const strictObject = (
  schema: JsonObject,
  types: ReadonlyArray<unknown>,
  said: ReadonlyArray<string>,
  context: StrictContext,
  depth: number,
): StrictNode | undefined => {
  const isNullable = types.length === 2 && types.includes("null")
  if ((types.length > 1 && !isNullable) || !said.every((keyword) => keywords.has(keyword))) return undefined
  if (schema["additionalProperties"] !== undefined && schema["additionalProperties"] !== false)
    return undefined

  const named = Predicate.isObject(schema["properties"]) ? Object.entries(schema["properties"]) : []
  // Without properties it is any object, but at the root, where it says that there are no arguments.
  if (named.length === 0 && depth > 1 && schema["additionalProperties"] !== false) return undefined
  if (!spend(context.budget, "properties", named.length)) return undefined
  const required = new Set<unknown>(Array.isArray(schema["required"]) ? schema["required"] : [])
  const names = new Set<unknown>(named.map(([name]) => name))
  if (![...required].every((name) => names.has(name))) return undefined

  const properties = new Map<string, StrictProperty>()
  for (const [name, property] of named) {
    const node = context.toNode(property, depth + 1)
    if (node === undefined || !spend(context.budget, "characters", name.length)) return undefined
    const isOptional = !required.has(name)
    properties.set(name, { node, isOptional, offered: isOptional ? orNull(node) : node })
  }

  const description = typeof schema["description"] === "string" ? { description: schema["description"] } : {}
  const nodes = [...properties.values()].map(({ offered }) => offered)
  return {
    schema: {
      ...description,
      type: isNullable ? ["object", "null"] : "object",
      properties: Object.fromEntries([...properties].map(([name, { offered }]) => [name, offered.schema])),
      required: [...properties.keys()],
      additionalProperties: false,
    },
    refs: nodes.flatMap(({ refs }) => refs),
    heads: [],
    fits: (value, work) => {
      if (value === null) return isNullable
      if (!Predicate.isObject(value) || Object.keys(value).length !== properties.size) return false
      return Object.entries(value).every(
        ([name, item]) => (work.steps -= 1) > 0 && properties.get(name)?.offered.fits(item, work) === true,
      )
    },
    restore: (value, work) =>
      Predicate.isObject(value)
        ? Object.fromEntries(
            Object.entries(value).flatMap(([name, item]) => {
              const property = properties.get(name)
              if ((work.steps -= 1) <= 0 || property === undefined) return [[name, item]]
              const { isOptional, node } = property
              if (item === null) return isOptional && !node.fits(null, work) ? [] : [[name, null]]
              return [[name, node.restore(item, work)]]
            }),
          )
        : value,
  }
}

const nothing: StrictNode = {
  schema: { type: "null" },
  refs: [],
  heads: [],
  fits: (value) => value === null,
  restore: (value) => value,
}

/** The same with null, where it may not be that already. What a reference takes is not known yet. */
const orNull = (node: StrictNode): StrictNode => {
  if (node.heads.length === 0 && node.fits(null, { steps: 1_000 })) return node
  const { description, type, ...rest } = node.schema
  if (typeof type === "string" && !("enum" in rest || "const" in rest || "properties" in rest)) {
    return {
      ...node,
      schema: { ...node.schema, type: [type, "null"] },
      fits: (value, work) => value === null || node.fits(value, work),
    }
  }
  const described = description === undefined ? {} : { description }
  return unionOf([{ ...node, schema: type === undefined ? rest : { type, ...rest } }, nothing], described)
}

import * as Predicate from "effect/Predicate"
import type { AgentInputSchema } from "./AgentTool.ts"
import { listsOfSchemas, mapsOfSchemas, singleSchemas } from "../tools/schemaKeywords.ts"

/** A schema as it is offered, and the way from a model's arguments back to the MCP server's. */
export interface OfferedSchema {
  readonly schema: AgentInputSchema
  readonly restore: (args: JsonObject) => JsonObject
}

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Makes an input schema fit for model providers: one tool that a provider refuses makes it refuse the whole request.
 * What it changes leaves the schema looser or the same, and the MCP server checks its arguments anyway.
 */
export const offerSchema = (inputSchema: JsonObject, maxDescription: number): OfferedSchema => {
  const { properties, required, ...rest } = flattenRoot(mend(inputSchema, inputSchema, maxDescription))
  const names = propertyNames(Object.keys(properties))
  const renamed = new Map([...names].map(([original, offered]) => [offered, original]))
  return {
    schema: {
      ...rest,
      type: "object",
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [names.get(name) ?? name, schema]),
      ),
      ...(required.length === 0 ? {} : { required: required.map((name) => names.get(name) ?? name) }),
    },
    restore: (args) =>
      renamed.size === 0
        ? args
        : Object.fromEntries(Object.entries(args).map(([name, value]) => [renamed.get(name) ?? name, value])),
  }
}

const types = new Set(["array", "boolean", "integer", "null", "number", "object", "string"])

/** Cuts descriptions, and mends what providers refuse and MCP servers do not: in the schema and all within it. */
const mend = (root: JsonObject, schema: JsonObject, maxDescription: number): JsonObject => {
  const inner = (child: unknown) => (Predicate.isObject(child) ? mend(root, child, maxDescription) : child)
  const entries = Object.entries(schema).flatMap(([keyword, value]): Array<[string, unknown]> => {
    if (keyword === "description")
      return typeof value === "string" ? [[keyword, cut(value, maxDescription)]] : []
    if (keyword === "type") return typeof value === "string" && !types.has(value) ? [] : [[keyword, value]]
    if (keyword === "$ref") return resolves(root, value) ? [[keyword, value]] : []
    if (mapsOfSchemas.includes(keyword) && Predicate.isObject(value)) {
      return [
        [keyword, Object.fromEntries(Object.entries(value).map(([name, child]) => [name, inner(child)]))],
      ]
    }
    if (Array.isArray(value) && (listsOfSchemas.includes(keyword) || keyword === "items")) {
      return [[keyword, value.map(inner)]]
    }
    return [[keyword, singleSchemas.includes(keyword) ? inner(value) : value]]
  })
  const isOpenList = schema["type"] === "array" && !("items" in schema) && !("prefixItems" in schema)
  return Object.fromEntries(isOpenList ? [...entries, ["items", {}]] : entries)
}

/** As many characters as fit, the last an ellipsis where some do not. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1)).replace(/[\ud800-\udbff]$/, "")}…`

/** Whether a reference is a JSON Pointer (RFC 6901) to something in the schema. */
const resolves = (root: JsonObject, ref: unknown): boolean => lookUp(root, ref) !== undefined

const lookUp = (root: JsonObject, ref: unknown): unknown => {
  if (ref === "#") return root
  if (typeof ref !== "string" || !ref.startsWith("#/")) return undefined
  let node: unknown = root
  for (const part of ref.slice(2).split("/")) {
    const name = decodePart(part)
    if (name === undefined || typeof node !== "object" || node === null || !Object.hasOwn(node, name))
      return undefined
    node = Reflect.get(node, name)
  }
  return node
}

const decodePart = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")
  } catch {
    return undefined
  }
}

interface FlatSchema extends JsonObject {
  readonly properties: JsonObject
  readonly required: ReadonlyArray<string>
}

/** Providers take no reference or combination at the root: what its branches name is named by the root itself. */
const flattenRoot = (schema: JsonObject): FlatSchema => {
  const {
    $ref: ref,
    allOf,
    anyOf,
    enum: _enum,
    not: _not,
    oneOf,
    properties: own,
    required,
    ...rest
  } = schema
  const targetOf = (branch: unknown) => {
    const target = Predicate.isObject(branch) && "$ref" in branch ? lookUp(schema, branch["$ref"]) : branch
    return Predicate.isObject(target) ? [target] : []
  }
  const branchesOf = (list: unknown) => (Array.isArray(list) ? list.flatMap(targetOf) : [])
  const all = [...targetOf({ $ref: ref }), ...branchesOf(allOf)]
  const some = [...branchesOf(anyOf), ...branchesOf(oneOf)]
  const properties = new Map<string, unknown>()
  for (const branch of [{ properties: own }, ...all, ...some]) {
    if (!Predicate.isObject(branch.properties)) continue
    for (const [name, property] of Object.entries(branch.properties)) {
      if (!properties.has(name)) properties.set(name, property)
    }
  }
  const demanded = [{ required }, ...all].flatMap((branch) => strings(branch.required))
  return {
    ...rest,
    properties: Object.fromEntries(properties),
    required: [...new Set(demanded)].filter((name) => properties.has(name)),
  }
}

const strings = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : []

/** Anthropic takes no other names of properties at the root. */
const safeProperty = /^[a-zA-Z0-9_.-]{1,64}$/

/** Other names for the properties that providers do not take. */
const propertyNames = (names: ReadonlyArray<string>): ReadonlyMap<string, string> => {
  const taken = new Set(names)
  const counts = new Map<string, number>()
  return new Map(
    names.flatMap((name) => {
      if (safeProperty.test(name)) return []
      const base = name.replaceAll(/[^a-zA-Z0-9_.-]/g, "_").slice(0, 56) || "_"
      let count = counts.get(base) ?? 1
      let offered = base
      for (; taken.has(offered); count += 1) offered = `${base}_${count}`
      counts.set(base, count)
      taken.add(offered)
      return [[name, offered] as const]
    }),
  )
}

import * as Predicate from "effect/Predicate"
import type { AgentInputSchema } from "./AgentTool.ts"
import type { JsonObject } from "./offerSchema.ts"
import { isLeftRecursive, spend, type StrictContext, type StrictNode } from "./StrictNode.ts"
import { toStrictNode } from "./toStrictNode.ts"

/** A schema for OpenAI's strict mode, and the way back from the arguments that it leads to. */
export interface StrictSchema {
  readonly schema: AgentInputSchema
  /** Leaves out the nulls that stand for what was optional. */
  readonly restore: (args: JsonObject) => JsonObject
}

/** What OpenAI takes in one schema (its guide to structured outputs, "Supported schemas", 2026). */
const limits = { depth: 10, properties: 5_000, enumValues: 1_000, characters: 120_000 }
/** Steps in finding out which branches some arguments took. A hostile schema can ask for any number. */
const restoreSteps = 100_000

/**
 * The strict form of a schema that {@link offerSchema} has made: every object closed, every property required, and what
 * was optional nullable. `undefined` where a schema says what strict mode cannot.
 */
export const strictSchema = (offered: AgentInputSchema): StrictSchema | undefined => {
  const { $defs, definitions, ...root } = offered
  const sources = new Map<string, unknown>([
    ...entriesOf(definitions).map(([name, schema]) => [`#/definitions/${name}`, schema] as const),
    ...entriesOf($defs).map(([name, schema]) => [`#/$defs/${name}`, schema] as const),
  ])
  const nodes = new Map<string, StrictNode>()
  const budget = { ...limits }
  const context: StrictContext = {
    budget,
    sources,
    nodeOf: (ref) => nodes.get(ref),
    toNode: (schema, depth) => toStrictNode(schema, context, depth),
  }

  const main = context.toNode(root, 1)
  if (main === undefined) return undefined
  nodes.set("#", main)
  // Definitions that nobody refers to are left out.
  const pending = [...main.refs]
  for (let ref = pending.pop(); ref !== undefined; ref = pending.pop()) {
    if (nodes.has(ref)) continue
    const node = context.toNode(sources.get(ref), 1)
    if (node === undefined || !spend(budget, "characters", ref.length)) return undefined
    nodes.set(ref, node)
    pending.push(...node.refs)
  }
  if (isLeftRecursive(nodes)) return undefined

  const kept = (prefix: string) =>
    [...nodes].flatMap(([ref, node]) =>
      ref.startsWith(prefix) ? [[ref.slice(prefix.length), node.schema]] : [],
    )
  const defs = kept("#/$defs/")
  const legacyDefs = kept("#/definitions/")
  return {
    schema: {
      ...main.schema,
      type: "object",
      ...(defs.length === 0 ? {} : { $defs: Object.fromEntries(defs) }),
      ...(legacyDefs.length === 0 ? {} : { definitions: Object.fromEntries(legacyDefs) }),
    },
    restore: (args) => {
      const restored = main.restore(args, { steps: restoreSteps })
      return Predicate.isObject(restored) ? restored : args
    },
  }
}

const entriesOf = (value: unknown) => (Predicate.isObject(value) ? Object.entries(value) : [])

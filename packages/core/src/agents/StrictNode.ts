import type { JsonObject } from "./offerSchema.ts"

/** A schema within a strict one. */
export interface StrictNode {
  readonly schema: JsonObject
  /** What it refers to. */
  readonly refs: ReadonlyArray<string>
  /** Those of them that a value has to fit itself, not a part of it. */
  readonly heads: ReadonlyArray<string>
  /** Whether a value is of the schema, as far as strict mode can say. */
  readonly fits: (value: unknown, work: Work) => boolean
  /** The value without the nulls that stand for what is not there. */
  readonly restore: (value: unknown, work: Work) => unknown
}

/** How much may still be done. */
export interface Work {
  steps: number
}

export interface Budget {
  depth: number
  properties: number
  enumValues: number
  characters: number
}

export interface StrictContext {
  readonly budget: Budget
  /** The definitions, by reference. */
  readonly sources: ReadonlyMap<string, unknown>
  /** What became of them, when all have been read. */
  readonly nodeOf: (ref: string) => StrictNode | undefined
  /** The strict form of a schema at some depth of objects; `undefined` where there is none. */
  readonly toNode: (schema: unknown, depth: number) => StrictNode | undefined
}

/** Takes from the budget; false where there is not enough. */
export const spend = (budget: Budget, what: keyof Budget, amount: number): boolean => {
  budget[what] -= amount
  return budget[what] >= 0
}

/** What fits one of the nodes. */
export const unionOf = (nodes: ReadonlyArray<StrictNode>, description: JsonObject): StrictNode => ({
  schema: { ...description, anyOf: nodes.map(({ schema }) => schema) },
  refs: nodes.flatMap(({ refs }) => refs),
  heads: nodes.flatMap(({ heads }) => heads),
  fits: (value, work) => nodes.some((node) => (work.steps -= 1) > 0 && node.fits(value, work)),
  restore: (value, work) => {
    const taken = nodes.find((node) => (work.steps -= 1) > 0 && node.fits(value, work))
    return taken === undefined ? value : taken.restore(value, work)
  },
})

/** Whether a value would have to fit a definition before it fits the same definition: nothing ever would. */
export const isLeftRecursive = (nodes: ReadonlyMap<string, StrictNode>): boolean => {
  const state = new Map<string, "open" | "done">()
  const visit = (ref: string): boolean => {
    if (state.get(ref) === "done") return false
    if (state.get(ref) === "open") return true
    state.set(ref, "open")
    const found = nodes.get(ref)?.heads.some(visit) ?? false
    state.set(ref, "done")
    return found
  }
  return [...nodes.keys()].some(visit)
}

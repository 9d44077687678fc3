import * as Predicate from "effect/Predicate"
import { exceedsDepth } from "../security/exceedsDepth.ts"
import type { JsonObject } from "./offerSchema.ts"

/**
 * A model's arguments: an object, its JSON, or nothing where there are none. `undefined` for anything else: models do
 * make such mistakes, and mend them when they are told.
 */
export const decodeArguments = (args: unknown, maxJsonDepth: number): JsonObject | undefined => {
  const value = typeof args === "string" ? parse(args) : args
  if (value === undefined || value === null) return {}
  return Predicate.isObject(value) && !exceedsDepth(value, maxJsonDepth) ? value : undefined
}

const parse = (text: string): unknown => {
  if (text.trim() === "") return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

import * as Effect from "effect/Effect"
import type { Node, StorageCase } from "./SuiteStorage.ts"

/** A case about what several callers do at once. */
export type RaceCase = (nodes: ReadonlyArray<Node>) => Effect.Effect<void, unknown>

/** The cases with their callers spread over so many nodes. */
export const onNodes = (
  count: number,
  races: Readonly<Record<string, RaceCase>>,
): Readonly<Record<string, StorageCase>> =>
  Object.fromEntries(
    Object.entries(races).map(([title, race]): [string, StorageCase] => [
      title,
      (storage) => Effect.flatMap(storage.nodes(count), race),
    ]),
  )

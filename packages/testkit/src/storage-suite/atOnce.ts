import type { Stores } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"
import type { Node } from "./SuiteStorage.ts"

/**
 * Runs effects at once, spread over the nodes in turn. A fiber may have to let others go on at any step, and does so
 * after some thousands of them; here each does after a few, each after another number, so that what a store does in
 * several steps is disturbed in the middle of them.
 *
 * @param round gives other numbers, for what is tried again and again
 */
export const atOnce = <A, E>(
  nodes: ReadonlyArray<Node>,
  effects: ReadonlyArray<Effect.Effect<A, E, Stores>>,
  round = 0,
): Effect.Effect<ReadonlyArray<A>, E> =>
  Effect.all(
    effects.map((effect, index) =>
      on(nodes, index, effect).pipe(
        Effect.provideService(Scheduler.MaxOpsBeforeYield, 4 + ((5 * index + round) % 11)),
      ),
    ),
    { concurrency: "unbounded" },
  )

/** Runs an effect on the node of that number, counted round. */
export const on = <A, E>(
  nodes: ReadonlyArray<Node>,
  index: number,
  effect: Effect.Effect<A, E, Stores>,
): Effect.Effect<A, E> => {
  const node = nodes[index % nodes.length]
  return node === undefined ? Effect.die("no node was opened") : Effect.provide(effect, node)
}

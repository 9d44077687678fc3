import type { Stores, StoreSignal } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type * as Scope from "effect/Scope"
import type { SignalLog } from "./SignalLog.ts"
import type { Node, StorageCase } from "./SuiteStorage.ts"

/** A case about a node that makes changes and another one that hears of them; then the other way round. */
export const onPairs =
  (pair: (making: Node, hearing: Node) => Effect.Effect<void, unknown, Scope.Scope>): StorageCase =>
  (storage) =>
    Effect.gen(function* () {
      const [one, other] = yield* storage.nodes(2)
      if (one === undefined || other === undefined) return yield* Effect.die("two nodes were to be opened")
      yield* pair(one, other)
      yield* pair(other, one)
    })

/**
 * Makes a change and waits until the log tells of it: by its signal, or by one that says that whatever was read may be
 * outdated, which is all that some storages can tell of other nodes.
 */
export const untilTold = Effect.fnUntraced(function* <A, E>(
  log: SignalLog<StoreSignal>,
  making: Node,
  change: Effect.Effect<A, E, Stores>,
  expected: StoreSignal,
) {
  const before = log.notes.length
  const result = yield* Effect.provide(change, making)
  yield* log.soon(
    (signal, index) => index >= before && (signal.type === "resumed" || Equal.equals(signal, expected)),
    expected.type,
  )
  return result
})

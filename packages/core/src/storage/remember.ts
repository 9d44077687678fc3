import * as Cache from "effect/Cache"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { StoreSignal, StoreSignals } from "./StoreSignals.ts"

/**
 * Reads of a store that are remembered on this node, so that what is warm asks the store nothing. What was read is
 * forgotten when the stores tell of a change, and nothing is remembered while they can't. Failures are never kept.
 */
export const remember = Effect.fnUntraced(function* <Key, A, E>(options: {
  readonly signals: StoreSignals["Service"]
  /** Keys are compared by structure. */
  readonly read: (key: Key) => Effect.Effect<A, E>
  readonly concerns: (signal: StoreSignal, key: Key) => boolean
  readonly capacity: number
  /** A signal that gets lost in a way that nobody notices must not hold for ever. */
  readonly millis: number
}) {
  const { concerns, read, signals } = options
  let isRemembering = false
  const cache = yield* Cache.makeWith(read, {
    capacity: options.capacity,
    timeToLive: (exit) => (Exit.isSuccess(exit) ? Duration.millis(options.millis) : Duration.zero),
  })
  yield* signals.listen(
    Effect.fnUntraced(function* (signal) {
      if (signal.type === "interrupted" || signal.type === "resumed") {
        isRemembering = signal.type === "resumed"
        return yield* Cache.invalidateAll(cache)
      }
      for (const key of yield* Cache.keys(cache)) {
        if (concerns(signal, key)) yield* Cache.invalidate(cache, key)
      }
    }),
  )
  return {
    get: (key: Key): Effect.Effect<A, E> =>
      Effect.suspend(() => (isRemembering ? Cache.get(cache, key) : read(key))),
    /** For who knows of a change before it is told. */
    forget: (key: Key): Effect.Effect<void> => Cache.invalidate(cache, key),
  }
})

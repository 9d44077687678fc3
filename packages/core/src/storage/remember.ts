import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { RememberedKey } from "./RememberedKey.ts"
import type { StoreSignal, StoreSignals } from "./StoreSignals.ts"

/**
 * Reads of a store that are remembered on this node, so that what is warm asks the store nothing. What was read is
 * forgotten when the stores tell of a change, and nothing is remembered while they can't. Failures are never kept.
 *
 * The cache sees to it that what many ask for is read once. In front of it lies what was found, under a plain text: to
 * find it there takes a tenth of the time.
 */
export const remember = Effect.fnUntraced(function* <
  Fields extends Readonly<Record<string, string>>,
  A,
  E,
>(options: {
  readonly signals: StoreSignals["Service"]
  readonly read: (fields: Fields) => Effect.Effect<A, E>
  readonly concerns: (signal: StoreSignal, fields: Fields) => boolean
  readonly capacity: number
  /** A signal that gets lost in a way that nobody notices must not hold for ever. */
  readonly millis: number
}) {
  type Key = RememberedKey<Fields>
  interface Found {
    readonly value: Effect.Effect<A>
    readonly until: number
  }
  const { capacity, concerns, millis, read, signals } = options
  const clock = yield* Clock.Clock
  const atHand = new Map<string, Found & { readonly key: Key }>()
  let isRemembering = false
  let timesForgotten = 0
  const cache = yield* Cache.makeWith(
    ({ fields }: Key) =>
      Effect.map(read(fields), (value): Found => ({
        value: Effect.succeed(value),
        until: clock.currentTimeMillisUnsafe() + millis,
      })),
    {
      capacity,
      timeToLive: (exit) => (Exit.isSuccess(exit) ? Duration.millis(millis) : Duration.zero),
    },
  )

  const forget = (key: Key): Effect.Effect<void> => {
    timesForgotten += 1
    atHand.delete(key.name)
    return Cache.invalidate(cache, key)
  }
  yield* signals.listen(
    Effect.fnUntraced(function* (signal) {
      if (signal.type === "interrupted" || signal.type === "resumed") {
        isRemembering = signal.type === "resumed"
        timesForgotten += 1
        atHand.clear()
        return yield* Cache.invalidateAll(cache)
      }
      for (const key of yield* Cache.keys(cache)) {
        if (concerns(signal, key.fields)) yield* forget(key)
      }
      // The cache may have let go of what is still at hand.
      for (const { key } of atHand.values()) {
        if (concerns(signal, key.fields)) yield* forget(key)
      }
    }),
  )

  const keep = (key: Key, found: Found): void => {
    const oldest = atHand.keys().next()
    if (atHand.size >= capacity && oldest.done !== true) atHand.delete(oldest.value)
    atHand.set(key.name, { ...found, key })
  }

  return {
    get: (key: Key): Effect.Effect<A, E> =>
      Effect.suspend(() => {
        if (!isRemembering) return read(key.fields)
        const known = atHand.get(key.name)
        if (known !== undefined && known.until > clock.currentTimeMillisUnsafe()) return known.value
        const before = timesForgotten
        return Effect.flatMap(Cache.get(cache, key), (found) => {
          if (before === timesForgotten) keep(key, found)
          return found.value
        })
      }),
    /** For who knows of a change before it is told. */
    forget: (key: Key): Effect.Effect<void> => Effect.suspend(() => forget(key)),
  }
})

import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { StoreSignal, StoreSignals } from "./StoreSignals.ts"

/**
 * Reads of a store that are remembered on this node, so that what is warm asks the store nothing. What was read is
 * forgotten when the stores tell of a change, and nothing is remembered while they can't. Failures are never kept.
 *
 * The cache sees to it that what many ask for is read once; it compares all fields. In front of it lies what was found,
 * under a text that need not be made first: to find it there takes a tenth of the time.
 */
export const remember = Effect.fnUntraced(function* <
  Fields extends Readonly<Record<string, string>>,
  A,
  E,
>(options: {
  readonly signals: StoreSignals["Service"]
  readonly read: (fields: Fields) => Effect.Effect<A, E>
  readonly concerns: (signal: StoreSignal, fields: Fields) => boolean
  /** What tells most of them apart. Of those that it does not tell apart, the last one that was read is at hand. */
  readonly labelOf: (fields: Fields) => string
  readonly capacity: number
  /** A signal that gets lost in a way that nobody notices must not hold for ever. */
  readonly millis: number
}) {
  interface Found {
    readonly value: Effect.Effect<A>
    readonly until: number
  }
  const { capacity, concerns, labelOf, millis, read, signals } = options
  const clock = yield* Clock.Clock
  const atHand = new Map<string, Found & { readonly fields: Fields }>()
  let isRemembering = false
  let timesForgotten = 0
  const cache = yield* Cache.makeWith(
    (fields: Fields) =>
      Effect.map(read(fields), (value): Found => ({
        value: Effect.succeed(value),
        until: clock.currentTimeMillisUnsafe() + millis,
      })),
    {
      capacity,
      timeToLive: (exit) => (Exit.isSuccess(exit) ? Duration.millis(millis) : Duration.zero),
    },
  )

  const forget = (fields: Fields): Effect.Effect<void> => {
    timesForgotten += 1
    atHand.delete(labelOf(fields))
    return Cache.invalidate(cache, fields)
  }
  yield* signals.listen(
    Effect.fnUntraced(function* (signal) {
      if (signal.type === "interrupted" || signal.type === "resumed") {
        isRemembering = signal.type === "resumed"
        timesForgotten += 1
        atHand.clear()
        return yield* Cache.invalidateAll(cache)
      }
      for (const fields of yield* Cache.keys(cache)) {
        if (concerns(signal, fields)) yield* forget(fields)
      }
      // The cache may have let go of what is still at hand.
      for (const { fields } of atHand.values()) {
        if (concerns(signal, fields)) yield* forget(fields)
      }
    }),
  )

  const keep = (fields: Fields, found: Found): void => {
    const oldest = atHand.keys().next()
    if (atHand.size >= capacity && oldest.done !== true) atHand.delete(oldest.value)
    atHand.set(labelOf(fields), { ...found, fields })
  }

  const findAtHand = (fields: Fields): Found | undefined => {
    const known = atHand.get(labelOf(fields))
    if (known === undefined || known.until <= clock.currentTimeMillisUnsafe()) return undefined
    for (const name in fields) if (known.fields[name] !== fields[name]) return undefined
    return known
  }

  return {
    get: (fields: Fields): Effect.Effect<A, E> =>
      Effect.suspend(() => {
        if (!isRemembering) return read(fields)
        const known = findAtHand(fields)
        if (known !== undefined) return known.value
        const before = timesForgotten
        return Effect.flatMap(Cache.get(cache, fields), (found) => {
          if (before === timesForgotten) keep(fields, found)
          return found.value
        })
      }),
    /** For who knows of a change before it is told. */
    forget: (fields: Fields): Effect.Effect<void> => Effect.suspend(() => forget(fields)),
  }
})

import type { SignalHub, StoreSignal } from "@mooring/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"

/**
 * Tells of a change after the statement that makes it. Whoever made it may have left meanwhile: an interruption leaves
 * open whether the database has done it, and what is told without need costs a reading at most.
 *
 * @param happened whether it was made, by what the statement returned.
 */
export const tellAfter = <A, E, R>(
  hub: SignalHub["Service"],
  signal: StoreSignal,
  change: Effect.Effect<A, E, R>,
  happened: (result: A) => boolean,
): Effect.Effect<A, E, R> =>
  tellAllAfter(hub, change, (result) =>
    Option.match(result, { onNone: () => true, onSome: happened }) ? [signal] : [],
  )

/**
 * The same for a statement that changes several things.
 *
 * @param changes what is to be told, by what the statement returned; none where that is left open.
 */
export const tellAllAfter = <A, E, R>(
  { publish }: SignalHub["Service"],
  change: Effect.Effect<A, E, R>,
  changes: (result: Option.Option<A>) => ReadonlyArray<StoreSignal>,
): Effect.Effect<A, E, R> => {
  const tell = (result: Option.Option<A>) => Effect.forEach(changes(result), publish, { discard: true })
  return Effect.onExit(change, (exit) => {
    if (Exit.isSuccess(exit)) return tell(Option.some(exit.value))
    return Cause.hasInterrupts(exit.cause) ? tell(Option.none()) : Effect.void
  })
}

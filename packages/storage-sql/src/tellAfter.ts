import type { SignalHub, StoreSignal } from "@mooring/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/**
 * Tells of a change after the statement that makes it. Whoever made it may have left meanwhile: an interruption leaves
 * open whether the database has done it, and what is told without need costs a reading at most.
 *
 * @param happened whether it was made, by what the statement returned.
 */
export const tellAfter = <A, E, R>(
  { publish }: SignalHub["Service"],
  signal: StoreSignal,
  change: Effect.Effect<A, E, R>,
  happened: (result: A) => boolean,
): Effect.Effect<A, E, R> =>
  Effect.onExit(change, (exit) =>
    (Exit.isSuccess(exit) ? happened(exit.value) : Cause.hasInterrupts(exit.cause))
      ? publish(signal)
      : Effect.void,
  )

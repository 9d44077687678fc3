import * as Effect from "effect/Effect"
import * as References from "effect/References"

/** Leaves out what a store has to log of a fault that the case brings about. */
export const quietly = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, References.MinimumLogLevel, "None")

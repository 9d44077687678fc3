import * as Effect from "effect/Effect"
import { makeStatementSpy } from "./StatementSpy.ts"

/** Runs an effect, and gives the statements that it issued. */
export const issuedBy = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const spy = makeStatementSpy()
  yield* Effect.provide(effect, spy.layer)
  return spy.take()
})

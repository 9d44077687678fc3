import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** How an effect ends: `succeeded`, the tag of its failure, or what it dies of. */
export const outcome = <R>(
  effect: Effect.Effect<unknown, { readonly _tag: string }, R>,
): Effect.Effect<string, never, R> =>
  Effect.matchCause(effect, {
    onSuccess: () => "succeeded",
    onFailure: (cause) =>
      Option.match(Cause.findErrorOption(cause), {
        onNone: () => `died: ${Cause.pretty(cause)}`,
        onSome: ({ _tag }) => _tag,
      }),
  })

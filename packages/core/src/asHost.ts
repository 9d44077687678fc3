import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"

/**
 * Runs what is kept longer than the request that asks for it, in the host's own context: it belongs to who asked first,
 * by its span, and must not keep the rest of that request, with its headers and its body, for as long as it lives.
 *
 * What is forked must be so within: a fiber goes back to the context that it was forked in.
 *
 * @param context that in which the service was built.
 */
export const asHost =
  (context: Context.Context<never>) =>
  <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.updateContext(effect, (asking: Context.Context<never>) =>
      Option.match(Context.getOption(asking, Tracer.ParentSpan), {
        onNone: () => context,
        onSome: (span) => Context.add(context, Tracer.ParentSpan, span),
      }),
    )

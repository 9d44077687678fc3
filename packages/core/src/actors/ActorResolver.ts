import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { type Actor, type ActorInput, singleUser } from "./Actor.ts"
import { decodeActor } from "./decodeActor.ts"

/**
 * The host's word on who is asking: it sees the web-standard request and the native one
 * (Express's `req`, Koa's `ctx`, Node's `IncomingMessage`), on which the host's own sign-in has left the user.
 * The web-standard request comes without its body, which is Mooring's to read.
 * Nothing (`undefined` or `null`) means that nobody is known, and the answer is 401.
 */
export type ResolveActor<HostRequest = never> = (
  request: Request,
  hostRequest: HostRequest,
) => ActorInput | null | undefined | Promise<ActorInput | null | undefined>

/** The host's resolver failed, or returned something that is not an actor. */
export class ActorResolverError extends Schema.TaggedError<ActorResolverError>()("ActorResolverError", {
  cause: Schema.Defect(),
}) {
  override get message() {
    return `The host's actor resolver failed. It must return { organizationId, userId }, or nothing where nobody is known.`
  }
}

/** Finds the actor of an HTTP request by the host's own means. */
export class ActorResolver extends Context.Service<
  ActorResolver,
  {
    readonly resolve: (
      request: Request,
      hostRequest: unknown,
    ) => Effect.Effect<Actor | undefined, ActorResolverError>
  }
>()("@mooring/core/actors/ActorResolver") {
  /** Every request acts for the same actor: for applications with one user. */
  static readonly layerSingleUser = Layer.succeed(
    ActorResolver,
    ActorResolver.of({ resolve: () => Effect.succeed(singleUser) }),
  )

  /** Asks a function of the host's. */
  static readonly layer = <HostRequest>(resolve: ResolveActor<HostRequest>) =>
    Layer.succeed(
      ActorResolver,
      ActorResolver.of({
        resolve: (request, hostRequest) =>
          Effect.try({
            // Which framework's request arrives here is known to the host alone, who mounts the adapter and writes `resolve`.
            try: () => resolve(request, hostRequest as HostRequest),
            catch: identity,
          }).pipe(
            // Most know at once who asks: nothing is waited for then.
            Effect.flatMap((answer) =>
              Predicate.isPromiseLike(answer)
                ? Effect.tryPromise({ try: async () => answer, catch: identity })
                : Effect.succeed(answer),
            ),
            Effect.flatMap((answer) =>
              answer === null || answer === undefined ? Effect.undefined : decodeActor(answer),
            ),
            Effect.mapError((cause) => new ActorResolverError({ cause })),
          ),
      }),
    )
}

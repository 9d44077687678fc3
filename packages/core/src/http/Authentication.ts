import * as Effect from "effect/Effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import { CurrentActor } from "../actors/Actor.ts"
import { ActorResolver } from "../actors/ActorResolver.ts"
import type { RateKind } from "../rateLimits/RateLimited.ts"
import { Counted, RateLimits } from "../rateLimits/RateLimits.ts"
import { errorBody, ServiceUnavailable, TooManyRequestsAnswer, Unauthorized } from "./ApiErrors.ts"
import { HostRequest } from "./HostRequest.ts"
import { toRateLimitError } from "./toApiError.ts"

/** Lets only requests of a known actor through, and provides that actor to the handlers. */
export class Authentication extends HttpApiMiddleware.Service<Authentication, { provides: CurrentActor }>()(
  "@mooring/core/http/Authentication",
  { error: [Unauthorized, TooManyRequestsAnswer, ServiceUnavailable] },
) {
  static readonly layer = Layer.effect(
    Authentication,
    Effect.gen(function* () {
      const resolver = yield* ActorResolver
      const { isOn, limited } = yield* RateLimits
      const countRequest = limited("requests", () => Effect.void)
      return Authentication.of(
        Effect.fnUntraced(function* (handler) {
          const request = yield* HttpServerRequest.HttpServerRequest
          // The resolver is the host's code: when it fails, that is a fault of the host's, not of the request.
          const actor = yield* Effect.orDie(
            resolver.resolve(
              withoutBody(yield* Effect.orDie(HttpServerRequest.toWeb(request))),
              yield* HostRequest,
            ),
          )
          if (actor === undefined) {
            return yield* new Unauthorized(
              errorBody("Nobody is signed in. Send the credentials that this host asks for.", "unauthorized"),
            )
          }
          const handled = Effect.provideService(handler, CurrentActor, actor)
          if (!isOn) return yield* handled
          // Here and not only in the services, so that one with a body that is worth nothing counts too.
          const counted = new Set<RateKind>()
          yield* countRequest(actor).pipe(
            Effect.provideService(Counted, counted),
            Effect.mapError(toRateLimitError),
          )
          return yield* Effect.provideService(handled, Counted, counted)
        }),
      )
    }),
  )
}

/** The body can be read once, and that is for the handlers to do. To ask whether there is one can cost a stream. */
const withoutBody = (request: Request): Request =>
  request.method === "GET" || request.method === "HEAD"
    ? request
    : new Request(request.url, { method: request.method, headers: request.headers })

import * as Effect from "effect/Effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import { CurrentActor } from "../actors/Actor.ts"
import { ActorResolver } from "../actors/ActorResolver.ts"
import { errorBody, Unauthorized } from "./ApiErrors.ts"
import { HostRequest } from "./HostRequest.ts"

/** Lets only requests of a known actor through, and provides that actor to the handlers. */
export class Authentication extends HttpApiMiddleware.Service<Authentication, { provides: CurrentActor }>()(
  "@mooring/core/http/Authentication",
  { error: Unauthorized },
) {
  static readonly layer = Layer.effect(
    Authentication,
    Effect.gen(function* () {
      const resolver = yield* ActorResolver
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
          return yield* Effect.provideService(handler, CurrentActor, actor)
        }),
      )
    }),
  )
}

/** The body can be read once, and that is for the handlers to do. */
const withoutBody = (request: Request): Request =>
  request.body === null
    ? request
    : new Request(request.url, { method: request.method, headers: request.headers })

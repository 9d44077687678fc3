import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { ActorResolver } from "../actors/ActorResolver.ts"
import { AuthorizationCallback } from "../oauth/AuthorizationCallback.ts"
import { clientIdMetadataDocument } from "../oauth/clientMetadata.ts"
import { oauthHost } from "../oauth/oauthHost.ts"
import { Options } from "../Options.ts"
import { Api } from "./Api.ts"
import { errorBody, NotFound } from "./ApiErrors.ts"
import { callbackPage } from "./callbackPage.ts"
import { callbackHeaders } from "./callbackFiles.ts"
import { toCallbackAnswer } from "./toCallbackAnswer.ts"
import { HostRequest } from "./HostRequest.ts"
import { toApiError } from "./toApiError.ts"

export const OAuthHandlers = HttpApiBuilder.group(
  Api,
  "oauth",
  Effect.fnUntraced(function* (handlers) {
    const callback = yield* AuthorizationCallback
    const resolver = yield* ActorResolver
    const options = yield* Options

    return handlers
      .handleRaw(
        "callback",
        Effect.fnUntraced(function* ({ query, request }) {
          const { code, error, iss, state = "" } = query
          const web = yield* Effect.orDie(HttpServerRequest.toWeb(request))
          // Nobody has to be signed in to the host here: the state proves who began. Who is known to be somebody else
          // is turned away.
          const actor = yield* Effect.orDie(resolver.resolve(web, yield* HostRequest))
          const outcome = yield* Effect.mapError(
            callback.answer({ state, code, error, iss }, actor),
            toApiError,
          )
          const { answer, status } = toCallbackAnswer(outcome)
          const headers = callbackHeaders
          return wantsJson(request.headers["accept"])
            ? HttpServerResponse.jsonUnsafe(answer, { status, headers })
            : HttpServerResponse.text(callbackPage(outcome, answer), {
                status,
                headers,
                contentType: "text/html; charset=utf-8",
              })
        }),
      )
      .handleRaw(
        "clientMetadata",
        Effect.fnUntraced(function* () {
          const host = yield* Effect.mapError(
            oauthHost(options),
            ({ code, message }) => new NotFound(errorBody(message, code)),
          )
          return HttpServerResponse.jsonUnsafe(clientIdMetadataDocument(host), {
            headers: { "cache-control": "max-age=300" },
          })
        }),
      )
  }),
)

const wantsJson = (accept: string | undefined): boolean =>
  accept !== undefined && /application\/json/i.test(accept) && !/text\/html/i.test(accept)

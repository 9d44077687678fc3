import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { errorBody } from "./ApiErrors.ts"
import { wholeResponse } from "./wholeResponse.ts"

/**
 * Answers in JSON what no handler answers: paths that are not there, and defects, which are logged and never shown.
 * It also tells the API's clients which errors are not worth another try: by themselves they repeat 409 and 5xx.
 */
export const errorResponses = HttpRouter.middleware(
  (handler) =>
    handler.pipe(
      Effect.catchCause((cause) => {
        if (Cause.hasInterrupts(cause)) {
          return Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ source }) =>
            // Nobody is left to answer; otherwise it is the services that are being closed.
            source instanceof Request && source.signal.aborted
              ? Effect.failCause(cause)
              : Effect.succeed(closingResponse),
          )
        }
        const error = Cause.squash(cause)
        if (error instanceof HttpServerError.HttpServerError && error.reason._tag === "RouteNotFound") {
          return Effect.map(HttpServerRequest.HttpServerRequest, ({ method, url }) =>
            HttpServerResponse.jsonUnsafe(
              errorBody(
                `There is no ${method} ${pathOf(url)}. GET /openapi.json lists what there is.`,
                "no_such_route",
              ),
              { status: 404 },
            ),
          )
        }
        return Effect.logError("A request failed in a way that Mooring did not foresee", cause).pipe(
          Effect.as(
            HttpServerResponse.jsonUnsafe(
              errorBody("Internal error. The host's log has the details.", "internal_error"),
              {
                status: 500,
              },
            ),
          ),
        )
      }),
      Effect.map((response) => wholeResponse(withRetryHeaders(response))),
    ),
  { global: true },
)

const withRetryHeaders = (response: HttpServerResponse.HttpServerResponse) => {
  if (response.status === 503) return HttpServerResponse.setHeader(response, "retry-after", "1")
  return response.status === 409 || response.status >= 500
    ? HttpServerResponse.setHeader(response, "x-should-retry", "false")
    : response
}

const closingResponse = HttpServerResponse.jsonUnsafe(
  errorBody("This host is closing. Try again.", "closed"),
  {
    status: 503,
  },
)

const pathOf = (url: string): string => {
  const path = url.split("?", 1)[0] ?? ""
  return path.length > 200 ? `${path.slice(0, 200)}…` : path
}

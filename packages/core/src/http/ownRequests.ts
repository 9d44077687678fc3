import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { errorStatuses } from "../errorStatuses.ts"
import { Options } from "../Options.ts"
import { errorBody } from "./ApiErrors.ts"
import { refuseRequest } from "./refuseRequest.ts"

/** Answers 403 to requests that are addressed to another host, or sent by pages of another one. */
export const ownRequests = HttpRouter.middleware(
  Effect.gen(function* () {
    const options = yield* Options
    return (handler) =>
      Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ source }) => {
        const refusal = source instanceof Request ? refuseRequest(source, options) : undefined
        if (refusal === undefined) return handler
        const { message, type } = refusal
        return Effect.succeed(
          HttpServerResponse.jsonUnsafe(errorBody(message, type), { status: errorStatuses[type] }),
        )
      })
  }),
  { global: true },
)

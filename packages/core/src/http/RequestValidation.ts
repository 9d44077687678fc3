import * as Effect from "effect/Effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { UnprocessableContent, unprocessable } from "./ApiErrors.ts"
import { validationIssues } from "./validationIssues.ts"

/** Answers what `HttpApi` finds wrong with a path or a query in the form of the contract. */
export class RequestValidation extends HttpApiMiddleware.Service<RequestValidation>()(
  "@mooring/core/http/RequestValidation",
  { error: UnprocessableContent },
) {
  static readonly layer = HttpApiMiddleware.layerSchemaErrorTransform(RequestValidation, (error) =>
    error.kind === "Body" || error.kind === "ResponseHeaders"
      ? Effect.die(error)
      : Effect.fail(
          unprocessable(validationIssues(error.cause.issue, error.kind === "Query" ? "query" : "path")),
        ),
  )
}

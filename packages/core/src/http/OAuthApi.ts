import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Schema from "effect/Schema"
import { callbackPath, clientMetadataPath } from "../oauth/oauthHost.ts"
import { NotFound, ServiceUnavailable } from "./ApiErrors.ts"
import { RequestValidation } from "./RequestValidation.ts"

const parameter = Schema.optionalKey(Schema.String)

/** What came of a sign-in, for callers that ask for JSON. Browsers get a page. */
export const CallbackAnswer = Schema.Struct({
  status: Schema.Literals(["success", "refused", "expired", "wrong_user", "error"]),
  message: Schema.String,
  server_url: Schema.optionalKey(Schema.String),
}).annotate({ identifier: "OAuthCallbackAnswer" })
export type CallbackAnswer = typeof CallbackAnswer.Type

/** The same as a page, for browsers. */
const CallbackPage = Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/html" }))

const answeredWith = (status: number) =>
  [CallbackAnswer, CallbackPage].map((answer) => answer.pipe(HttpApiSchema.status(status)))

/** Where authorization servers send users back to, and read who we are. Both are for everybody. */
export const OAuthApi = HttpApiGroup.make("oauth")
  .add(
    HttpApiEndpoint.get("callback", callbackPath, {
      query: {
        code: parameter,
        state: parameter,
        iss: parameter,
        error: parameter,
        error_description: parameter,
      },
      success: [CallbackAnswer, CallbackPage],
      // Another issuer than the one asked, another user, a sign-in that is over, an authorization server at fault.
      error: [...[400, 403, 410, 502].flatMap(answeredWith), ServiceUnavailable],
    }),
    HttpApiEndpoint.get("clientMetadata", clientMetadataPath, { success: Schema.Json, error: [NotFound] }),
  )
  .middleware(RequestValidation)

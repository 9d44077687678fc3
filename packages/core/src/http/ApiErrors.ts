import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { errorStatuses, type ErrorType } from "../errorStatuses.ts"

const errorTypes = Struct.keys(errorStatuses)

/** A stable word for programs to act on, beside the text for people. */
const ErrorCode = Schema.optionalKey(
  Schema.Struct({
    type: Schema.Literals(errorTypes).annotate({ description: "A stable word that names the error." }),
  }),
)

const fields = { detail: Schema.String, message: Schema.String, error: ErrorCode }

/** One thing that is wrong with a request: where, what, and of which kind. */
export const ValidationIssue = Schema.Struct({
  loc: Schema.Array(Schema.Union([Schema.String, Schema.Int])),
  msg: Schema.String,
  type: Schema.String,
}).annotate({ identifier: "ValidationIssue" })
export type ValidationIssue = typeof ValidationIssue.Type

export class Unauthorized extends Schema.Error<Unauthorized>("UnauthorizedError")(fields, {
  httpApiStatus: 401,
}) {}
export class Forbidden extends Schema.Error<Forbidden>("ForbiddenError")(fields, { httpApiStatus: 403 }) {}
export class NotFound extends Schema.Error<NotFound>("NotFoundError")(fields, { httpApiStatus: 404 }) {}
export class Conflict extends Schema.Error<Conflict>("ConflictError")(fields, { httpApiStatus: 409 }) {}
export class ContentTooLarge extends Schema.Error<ContentTooLarge>("ContentTooLargeError")(fields, {
  httpApiStatus: 413,
}) {}
export class UnsupportedMediaType extends Schema.Error<UnsupportedMediaType>("UnsupportedMediaTypeError")(
  fields,
  {
    httpApiStatus: 415,
  },
) {}
export class UnprocessableContent extends Schema.Error<UnprocessableContent>("UnprocessableContentError")(
  { ...fields, detail: Schema.Array(ValidationIssue) },
  { httpApiStatus: 422 },
) {}
export class TooManyRequests extends Schema.Error<TooManyRequests>("TooManyRequests")({
  ...fields,
  /** In whole seconds. */
  retryAfter: Schema.Int,
}) {}
/** The same as it is answered, its `retryAfter` as the header (RFC 9110, section 10.2.3). */
export const TooManyRequestsAnswer = TooManyRequests.pipe(
  HttpApiSchema.encodeToWithHeaders(
    {
      body: Schema.Struct(fields).annotate({ identifier: "TooManyRequestsError", httpApiStatus: 429 }),
      headers: { "retry-after": Schema.Int },
    },
    {
      decode: ({ body, headers }) => new TooManyRequests({ ...body, retryAfter: headers["retry-after"] }),
      // The message of an error is no property that a spread would take.
      encode: ({ detail, error, message, retryAfter }) => ({
        body: { detail, message, ...(error === undefined ? {} : { error }) },
        headers: { "retry-after": retryAfter },
      }),
    },
  ),
)
export class BadGateway extends Schema.Error<BadGateway>("BadGatewayError")(fields, { httpApiStatus: 502 }) {}
export class ServiceUnavailable extends Schema.Error<ServiceUnavailable>("ServiceUnavailableError")(fields, {
  httpApiStatus: 503,
}) {}
export class GatewayTimeout extends Schema.Error<GatewayTimeout>("GatewayTimeoutError")(fields, {
  httpApiStatus: 504,
}) {}

/** What may be wrong with any body. */
export const bodyErrors = [ContentTooLarge, UnsupportedMediaType, UnprocessableContent] as const
/** What may come of asking an MCP server. */
export const upstreamErrors = [Forbidden, BadGateway, GatewayTimeout, UnprocessableContent] as const

/** The body of an error: `message` is what the API's clients show, `detail` what older ones read. */
export const errorBody = (message: string, type: ErrorType) => ({ detail: message, message, error: { type } })

/** A 422 with the places of all that is wrong. */
export const unprocessable = (issues: ReadonlyArray<ValidationIssue>, type: ErrorType = "validation_error") =>
  new UnprocessableContent({
    detail: issues,
    message: issues.map(({ loc, msg }) => `${loc.slice(1).join(".") || loc.join(".")}: ${msg}`).join("; "),
    error: { type },
  })

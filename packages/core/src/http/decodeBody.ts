import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import { exceedsDepth } from "../security/exceedsDepth.ts"
import { ContentTooLarge, errorBody, unprocessable, UnsupportedMediaType } from "./ApiErrors.ts"
import { validationIssues } from "./validationIssues.ts"

/**
 * Reads the JSON body of a request. No body at all is `undefined`.
 *
 * The bodies are read here and not by `HttpApi`, whose answers to a body that is too large, not JSON, or of another
 * media type are not those of the contract.
 */
export const readJson = Effect.fnUntraced(function* (
  request: HttpServerRequest.HttpServerRequest,
  limits: { readonly requestBodyBytes: number; readonly maxJsonDepth: number },
) {
  const maxBytes = limits.requestBodyBytes
  const tooLarge = () =>
    new ContentTooLarge(
      errorBody(
        `The body is larger than ${maxBytes} bytes, this host's option limits.requestBodyBytes.`,
        "body_too_large",
      ),
    )
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return yield* tooLarge()

  const bytes = yield* bodyOf(request, maxBytes).pipe(
    Effect.mapError((reason) =>
      reason === "too large"
        ? tooLarge()
        : unprocessable([
            { loc: ["body"], msg: "The body could not be read to its end", type: "body_unreadable" },
          ]),
    ),
  )
  if (bytes.byteLength > maxBytes) return yield* tooLarge()
  if (bytes.byteLength === 0) return undefined
  // A body without a media type is refused too: browsers let any page send one here without asking first (Fetch, CORS
  // safelisted requests), and what it says could start commands.
  if (!isJson(request.headers["content-type"])) {
    return yield* new UnsupportedMediaType(
      errorBody(
        "The body must be JSON: send it with content-type: application/json.",
        "unsupported_media_type",
      ),
    )
  }
  const json = yield* Effect.try({
    try: (): unknown => JSON.parse(strictUtf8.decode(bytes)),
    catch: () => unprocessable([{ loc: ["body"], msg: "The body is not valid JSON", type: "json_invalid" }]),
  })
  if (!exceedsDepth(json, limits.maxJsonDepth)) return json
  return yield* unprocessable([
    { loc: ["body"], msg: `The body is nested deeper than ${limits.maxJsonDepth}`, type: "too_deep" },
  ])
})

const strictUtf8 = new TextDecoder("utf-8", { fatal: true })

/** What is as long as it says is read in one go: whoever takes requests from a network sees to it that it is. */
const bodyOf = (
  request: HttpServerRequest.HttpServerRequest,
  maxBytes: number,
): Effect.Effect<Uint8Array, "too large" | "unreadable"> => {
  const { source } = request
  if (source instanceof Request && /^\d+$/.test(request.headers["content-length"] ?? "")) {
    return Effect.tryPromise({ try: () => source.bytes(), catch: () => "unreadable" as const })
  }
  return request.arrayBuffer.pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(maxBytes)),
    Effect.map((buffer) => new Uint8Array(buffer)),
    Effect.mapError(({ reason }) =>
      reason._tag === "RequestParseError" && reason.reason === "BodyTooLarge" ? "too large" : "unreadable",
    ),
  )
}

const isJson = (mediaType: string | undefined): boolean =>
  mediaType !== undefined && /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(mediaType)

/** Decodes a JSON body; what is wrong with it, all of it, is a 422 that names each place. */
export const decodeBody = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownEffect(schema, { errors: "all" })
  return (json: unknown) =>
    // A missing body reads better as an object that lacks its fields.
    decode(json === undefined ? {} : json).pipe(
      Effect.mapError((error) => unprocessable(validationIssues(error.issue, "body"))),
    )
}

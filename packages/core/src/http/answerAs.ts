import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type * as Schema from "effect/Schema"

/**
 * Answers with a value as it is. That it fits its part of the document is for the types to say: to go through it once
 * more by the schema, as `HttpApi` does, takes longer than to write it.
 */
export const answerAs =
  <S extends Schema.Top>(_schema: S) =>
  (value: S["Encoded"]): HttpServerResponse.HttpServerResponse =>
    HttpServerResponse.jsonUnsafe(value)

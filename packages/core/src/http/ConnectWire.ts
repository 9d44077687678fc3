import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { ConnectTarget } from "../connect/Connector.ts"
import { UnprocessableContent, unprocessable, type ValidationIssue } from "./ApiErrors.ts"
import { decodeCreateServer } from "./decodeCreateServer.ts"
import { nullable } from "./nullable.ts"
import { fromCreateConfig, serverType } from "./ServerWire.ts"

const texts = Schema.Record(Schema.String, Schema.String)

/** A flat config as the OpenAPI document shows it: the name with the fields of the config beside it. */
export const FlatServer = Schema.Struct({
  server_name: Schema.String,
  type: serverType,
  mcp_server_type: serverType,
  command: nullable(Schema.String),
  args: nullable(Schema.Array(Schema.String)),
  env: nullable(texts),
  server_url: nullable(Schema.String),
  auth_header: nullable(Schema.String),
  auth_token: nullable(Schema.String),
  custom_headers: nullable(texts),
}).annotate({ identifier: "FlatMCPServerRequest" })

/** The same error, at the places of the flat form. */
export const atFlatPlaces = <E>(error: E): E | UnprocessableContent =>
  error instanceof UnprocessableContent
    ? unprocessable(error.detail.map(atFlatPlace), error.error?.type)
    : error

const atFlatPlace = ({ loc, ...issue }: ValidationIssue): ValidationIssue => {
  const [root = "body", field, ...rest] = loc[1] === "config" ? loc.toSpliced(1, 1) : loc
  if (field === undefined) return { ...issue, loc: [root] }
  return { ...issue, loc: [root, field === "mcp_server_type" ? "type" : field, ...rest] }
}

/**
 * Decodes a flat config. With a URL and no word of the transport, both are to be tried: streamable HTTP first (MCP
 * 2025-11-25, basic/transports, backwards compatibility). Complaints name the places of the flat form.
 */
export const decodeFlatServer = Effect.fnUntraced(function* (json: unknown) {
  const { mcp_server_type, type: shortType, ...fields } = Predicate.isObject(json) ? json : {}
  const type = shortType ?? mcp_server_type ?? null
  const { config, server_name: name } = yield* decodeCreateServer({
    // Not there at all where it is not given: a complaint then says so.
    ...(Object.hasOwn(fields, "server_name") ? { server_name: fields["server_name"] } : {}),
    config: type === null ? fields : { ...fields, mcp_server_type: type },
  })
  const first = fromCreateConfig(config)
  const target: ConnectTarget = {
    name,
    configs: type === null && first.type !== "stdio" ? [first, { ...first, type: "sse" }] : [first],
  }
  return target
}, Effect.mapError(atFlatPlaces))

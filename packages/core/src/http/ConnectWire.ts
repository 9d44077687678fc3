import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { ConnectTarget } from "../connect/Connector.ts"
import { unprocessable, type ValidationIssue } from "./ApiErrors.ts"
import { decodeCreateServer } from "./decodeCreateServer.ts"
import { fromCreateConfig } from "./ServerWire.ts"

const nullable = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
const texts = Schema.Record(Schema.String, Schema.String)

/** A flat config as the OpenAPI document shows it: the name with the fields of the config beside it. */
export const FlatServer = Schema.Struct({
  server_name: Schema.String,
  type: nullable(Schema.Literals(["stdio", "sse", "streamable_http"])),
  command: nullable(Schema.String),
  args: nullable(Schema.Array(Schema.String)),
  env: nullable(texts),
  server_url: nullable(Schema.String),
  auth_header: nullable(Schema.String),
  auth_token: nullable(Schema.String),
  custom_headers: nullable(texts),
}).annotate({ identifier: "FlatMCPServerRequest" })

/**
 * Decodes a flat config. With a URL and no word of the transport, both are to be tried: streamable HTTP first (MCP
 * 2025-11-25, basic/transports, backwards compatibility). Complaints name the places of the flat form.
 */
export const decodeFlatServer = Effect.fnUntraced(
  function* (json: unknown) {
    const {
      mcp_server_type = null,
      server_name,
      type = mcp_server_type,
      ...fields
    } = Predicate.isObject(json) ? json : {}
    const typed = type === null ? fields : { ...fields, mcp_server_type: type }
    const { config, server_name: name } = yield* decodeCreateServer({ server_name, config: typed })
    const first = fromCreateConfig(config)
    const target: ConnectTarget = {
      name,
      configs: type === null && first.type !== "stdio" ? [first, { ...first, type: "sse" }] : [first],
    }
    return target
  },
  Effect.mapError(({ detail }) => unprocessable(detail.map(flat))),
)

const flat = ({ loc, ...issue }: ValidationIssue): ValidationIssue => ({
  ...issue,
  loc: loc
    .filter((part, index) => !(index === 1 && part === "config"))
    .map((part) => (part === "mcp_server_type" ? "type" : part)),
})

import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type McpServer, McpServerName } from "../servers/McpServer.ts"
import { Command, Environment, ProcessText } from "../servers/ServerConfig.ts"
import type { ServerConfigUpdate } from "../servers/ServerConfigUpdate.ts"
import { decodeBody } from "./decodeBody.ts"
import { nullable } from "./nullable.ts"
import {
  fromUpdateConfig,
  remoteAnswerFields,
  remoteUpdateFields,
  serverType,
  stdioAnswerFields,
  stdioUpdateFields,
  toServerAnswer,
} from "./ServerWire.ts"

// Registered servers in the flat form, as the calls by name take and answer them: the name beside the config's fields.

const named = { server_name: Schema.String }

/** A server in answers. Its name is what it is known by here: there is no id. */
export const FlatServerAnswer = Schema.Union([
  Schema.Struct({ ...named, type: Schema.Literal("stdio"), ...stdioAnswerFields }).annotate({
    identifier: "StdioServerConfig",
  }),
  Schema.Struct({ ...named, type: Schema.Literal("sse"), ...remoteAnswerFields }).annotate({
    identifier: "SSEServerConfig",
  }),
  Schema.Struct({ ...named, type: Schema.Literal("streamable_http"), ...remoteAnswerFields }).annotate({
    identifier: "StreamableHTTPServerConfig",
  }),
])
export type FlatServerAnswer = typeof FlatServerAnswer.Type

/** A server as answers show it, its secrets by the same rule as elsewhere. */
export const toFlatServerAnswer = (server: McpServer, maskSecrets: boolean): FlatServerAnswer => {
  const answer = toServerAnswer(server, maskSecrets)
  if (answer.mcp_server_type === "stdio") {
    const { id: _id, mcp_server_type: type, ...fields } = answer
    return { type, ...fields }
  }
  const { id: _id, mcp_server_type: type, ...fields } = answer
  return { type, ...fields }
}

/**
 * The body of an update. The config's fields stand beside the name; for a stdio server Letta's client sends them
 * within `stdio_config`, whole, and calls the token of an SSE server `token`.
 */
export const UpdateFlatServer = Schema.Struct({
  server_name: nullable(McpServerName),
  type: serverType,
  mcp_server_type: serverType,
  stdio_config: nullable(
    Schema.Struct({
      server_name: nullable(McpServerName),
      command: Command,
      args: Schema.Array(ProcessText),
      env: nullable(Environment),
    }),
  ),
  token: nullable(Schema.RedactedFromValue(Schema.String)),
  ...stdioUpdateFields,
  ...remoteUpdateFields,
}).annotate({ identifier: "UpdateFlatMCPServerRequest" })

/** The change that the body of an update asks for: `config` is undefined where it is of the name alone. */
export const decodeFlatUpdate = Effect.fnUntraced(function* (json: unknown) {
  const { server_name, stdio_config, token, type, ...fields } = yield* decode(json)
  const name = server_name ?? stdio_config?.server_name
  if (stdio_config !== undefined && stdio_config !== null) {
    const { args, command, env = null } = stdio_config
    const config: ServerConfigUpdate = { type: "stdio", command, args, env }
    return { name, config }
  }
  const given = {
    ...fields,
    ...(type === undefined ? {} : { mcp_server_type: type }),
    ...(token === undefined ? {} : { auth_token: token }),
  }
  return { name, config: Object.keys(given).length === 0 ? undefined : fromUpdateConfig(given) }
})

const decode = decodeBody(UpdateFlatServer)

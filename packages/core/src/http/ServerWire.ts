import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { type McpServer, McpServerName } from "../servers/McpServer.ts"
import { Command, Environment, ProcessText, type ServerConfig } from "../servers/ServerConfig.ts"
import { nullable } from "./nullable.ts"
import { fromOAuth, fromOAuthUpdate, OAuthAnswer, OAuthFields, toOAuthAnswer } from "./OAuthWire.ts"
import { mask, type ServerConfigUpdate } from "../servers/ServerConfigUpdate.ts"

// The shapes of MCP servers on the wire: snake case, `mcp_server_type` optional in requests.

const Secret = Schema.RedactedFromValue(Schema.String)
const Secrets = Schema.Record(Schema.String, Secret)

/** Of which kind a server is, where that need not be said. */
export const serverType = nullable(Schema.Literals(["stdio", "sse", "streamable_http"]))

const Url = Schema.String.check(
  Schema.makeFilter((text) => URL.canParse(text), { expected: "a URL such as https://example.com/mcp" }),
  Schema.isMaxLength(8_192),
)

const remoteFields = {
  server_url: Url,
  auth_header: nullable(Schema.String),
  auth_token: nullable(Secret),
  custom_headers: nullable(Secrets),
  oauth: nullable(OAuthFields),
}

/** The tag that tells the kinds of server apart. Requests may leave it out: the other fields tell what is meant. */
const tag = <const T extends string>(type: T) => ({
  mcp_server_type: Schema.Literal(type).pipe(Schema.withDecodingDefaultKey(Effect.succeed(type))),
})

const CreateStdio = Schema.Struct({
  ...tag("stdio"),
  command: Command,
  args: Schema.Array(ProcessText),
  env: nullable(Environment),
}).annotate({ identifier: "CreateStdioMCPServer" })
const CreateSse = Schema.Struct({ ...tag("sse"), ...remoteFields }).annotate({
  identifier: "CreateSSEMCPServer",
})
const CreateStreamableHttp = Schema.Struct({ ...tag("streamable_http"), ...remoteFields }).annotate({
  identifier: "CreateStreamableHTTPMCPServer",
})
type CreateConfig = typeof CreateStdio.Type | typeof CreateSse.Type | typeof CreateStreamableHttp.Type

const createServer = <S extends Schema.Constraint>(config: S) =>
  Schema.Struct({ server_name: McpServerName, config })

/** The body of a create, as the OpenAPI document shows it. */
export const CreateServer = createServer(
  Schema.Union([CreateStdio, CreateSse, CreateStreamableHttp]),
).annotate({
  identifier: "CreateMCPServerRequest",
})
/** What a create is decoded by once its kind is known, so that complaints are about that kind alone. */
export const createServerOf = {
  stdio: createServer(CreateStdio),
  sse: createServer(CreateSse),
  streamable_http: createServer(CreateStreamableHttp),
}

/** The fields of a config in an update, by the kind of the server. */
export const stdioUpdateFields = {
  command: nullable(Command),
  args: nullable(Schema.Array(ProcessText)),
  env: nullable(Environment),
}
export const remoteUpdateFields = { ...remoteFields, server_url: nullable(Url) }

/** The body of an update: every field may be left out, and which ones count depends on the kind of the server. */
export const UpdateServer = Schema.Struct({
  server_name: nullable(McpServerName),
  config: Schema.optionalKey(
    Schema.Struct({
      mcp_server_type: serverType,
      ...stdioUpdateFields,
      ...remoteUpdateFields,
    }).annotate({ identifier: "UpdateMCPServer" }),
  ),
}).annotate({ identifier: "UpdateMCPServerRequest" })
type UpdateConfig = NonNullable<(typeof UpdateServer.Type)["config"]>

const stored = { id: Schema.String, server_name: Schema.String }
const plainSecrets = Schema.NullOr(Schema.Record(Schema.String, Schema.String))
/** The fields of a config in answers, by the kind of the server. */
export const stdioAnswerFields = {
  command: Schema.String,
  args: Schema.Array(Schema.String),
  env: plainSecrets,
}
export const remoteAnswerFields = {
  server_url: Schema.String,
  auth_header: Schema.NullOr(Schema.String),
  auth_token: Schema.optionalKey(Schema.NullOr(Schema.String)),
  custom_headers: plainSecrets,
  /** Where there is any. */
  oauth: Schema.optionalKey(OAuthAnswer),
}

/** A server in answers. Secrets are plain here: this is where the organization reads back what it gave. */
export const ServerAnswer = Schema.Union([
  Schema.Struct({
    ...stored,
    mcp_server_type: Schema.Literal("stdio"),
    ...stdioAnswerFields,
  }).annotate({ identifier: "StdioMCPServer" }),
  Schema.Struct({ ...stored, mcp_server_type: Schema.Literal("sse"), ...remoteAnswerFields }).annotate({
    identifier: "SSEMCPServer",
  }),
  Schema.Struct({
    ...stored,
    mcp_server_type: Schema.Literal("streamable_http"),
    ...remoteAnswerFields,
  }).annotate({ identifier: "StreamableHTTPMCPServer" }),
])
export type ServerAnswer = typeof ServerAnswer.Type

/** The config of a new server. */
export const fromCreateConfig = (config: CreateConfig): ServerConfig =>
  config.mcp_server_type === "stdio"
    ? { type: "stdio", command: config.command, args: config.args, env: config.env ?? null }
    : {
        type: config.mcp_server_type,
        serverUrl: config.server_url,
        authHeader: config.auth_header ?? null,
        authToken: config.auth_token ?? null,
        customHeaders: config.custom_headers ?? null,
        oauth: fromOAuth(config.oauth),
      }

/** The change that an update asks for. */
export const fromUpdateConfig = (config: UpdateConfig): ServerConfigUpdate => ({
  type: config.mcp_server_type,
  command: config.command,
  args: config.args,
  env: config.env,
  serverUrl: config.server_url,
  authHeader: config.auth_header,
  authToken: config.auth_token,
  customHeaders: config.custom_headers,
  oauth: fromOAuthUpdate(config.oauth),
})

/** A server as answers show it. */
export const toServerAnswer = (server: McpServer, maskSecrets: boolean): ServerAnswer => {
  const reveal = (secrets: Readonly<Record<string, Redacted.Redacted<string>>> | null) =>
    secrets === null
      ? null
      : Object.fromEntries(
          Object.entries(secrets).map(([name, secret]) => [
            name,
            maskSecrets ? mask : Redacted.value(secret),
          ]),
        )
  const { config, id, name: server_name } = server
  if (config.type === "stdio") {
    const { args, command, env } = config
    return { id, server_name, mcp_server_type: "stdio", command, args, env: reveal(env) }
  }
  return {
    id,
    server_name,
    mcp_server_type: config.type,
    server_url: config.serverUrl,
    auth_header: config.authHeader,
    ...(maskSecrets
      ? {}
      : { auth_token: config.authToken === null ? null : Redacted.value(config.authToken) }),
    custom_headers: reveal(config.customHeaders),
    ...(config.oauth === null ? {} : { oauth: toOAuthAnswer(config.oauth) }),
  }
}

import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ServerOAuth } from "./ServerOAuth.ts"

/** Text that a process can be given: an argument or a variable that holds NUL cannot be passed on. */
export const ProcessText = Schema.String.check(
  Schema.isPattern(/^[^\0]*$/, { expected: "text without NUL characters" }),
)
/** The program of a stdio server: a name to be found in PATH, or a path. */
export const Command = ProcessText.check(Schema.isPattern(/\S/, { expected: "a command that is not empty" }))

const Secret = Schema.RedactedFromValue(Schema.String)
const Secrets = Schema.Record(Schema.String, Secret)
/** Environment variables. */
export const Environment = Schema.Record(Schema.String, Schema.RedactedFromValue(ProcessText)).check(
  Schema.makeFilter(
    (env) => Object.keys(env).every((name) => /^[^=\0]+$/.test(name) && name !== "__proto__"),
    {
      expected: "variables whose names are not empty and hold neither = nor NUL",
    },
  ),
)

/** A program on the host's machine that speaks MCP over its standard streams. */
export const StdioConfig = Schema.Struct({
  type: Schema.tag("stdio"),
  command: Command,
  /** Passed to the program as they are, never split or read by a shell. */
  args: Schema.Array(ProcessText),
  env: Schema.NullOr(Environment),
})
export interface StdioConfig extends Schema.Schema.Type<typeof StdioConfig> {}

const remoteFields = {
  serverUrl: Schema.NonEmptyString,
  /** The header that carries {@link authToken}; `Authorization` when null. */
  authHeader: Schema.NullOr(Schema.String),
  authToken: Schema.NullOr(Secret),
  /** Sent to the MCP server's own origin only. */
  customHeaders: Schema.NullOr(Secrets),
  /** Counts for nothing beside {@link authToken} or an `Authorization` header. */
  oauth: Schema.NullOr(ServerOAuth).pipe(Schema.withDecodingDefaultKey(Effect.succeed(null))),
}

/** A URL that speaks HTTP with server-sent events, the transport of MCP 2024-11-05. */
export const SseConfig = Schema.Struct({ type: Schema.tag("sse"), ...remoteFields })
export interface SseConfig extends Schema.Schema.Type<typeof SseConfig> {}

/** A URL that speaks streamable HTTP, the transport of MCP since 2025-03-26. */
export const StreamableHttpConfig = Schema.Struct({ type: Schema.tag("streamable_http"), ...remoteFields })
export interface StreamableHttpConfig extends Schema.Schema.Type<typeof StreamableHttpConfig> {}

export type RemoteConfig = SseConfig | StreamableHttpConfig

/** How an MCP server is reached. Secrets are `Redacted` here; they are opened only by a transport, or on the wire. */
export const ServerConfig = Schema.Union([StdioConfig, SseConfig, StreamableHttpConfig])
export type ServerConfig = typeof ServerConfig.Type

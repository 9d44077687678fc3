import * as Schema from "effect/Schema"
import type { HeaderInvalid } from "../security/checkHeaders.ts"
import type { NetworkForbidden } from "../security/egress/NetworkForbidden.ts"
import type { StdioForbidden } from "../security/StdioPolicy.ts"
import type { VariableMissing } from "../servers/fillVariables.ts"

/** The MCP server could not be reached, or what answered does not speak MCP. No tool was called. */
export class McpServerUnreachable extends Schema.TaggedError<McpServerUnreachable>()("McpServerUnreachable", {
  serverName: Schema.String,
  /** What went wrong and what to do about it, in a sentence or two. */
  problem: Schema.String,
  /** Of the HTTP answer, where that was the reason. */
  status: Schema.optionalKey(Schema.Int),
}) {
  override get message() {
    return `Could not connect to the MCP server ${JSON.stringify(this.serverName)}. ${this.problem}`
  }
}

/** The MCP server did not answer in time. No tool was called. */
export class McpServerTimeout extends Schema.TaggedError<McpServerTimeout>()("McpServerTimeout", {
  serverName: Schema.String,
  /** What was waited for, within the limit. */
  step: Schema.Literals(["connect", "list"]),
  millis: Schema.Int,
  diagnostics: Schema.UndefinedOr(Schema.String),
}) {
  override get message() {
    const step = this.step === "connect" ? "complete a connection" : "list its tools"
    const said = this.diagnostics === undefined ? "" : ` The command: ${this.diagnostics}.`
    return `The MCP server ${JSON.stringify(this.serverName)} did not ${step} within ${this.millis / 1000} s.${said} Check that it is running and speaks MCP; the host can set longer limits.`
  }
}

/** The MCP server answered 401: this actor must sign in to it first, or the stored token is wrong. */
export class AuthorizationRequired extends Schema.TaggedError<AuthorizationRequired>()(
  "AuthorizationRequired",
  {
    serverName: Schema.String,
  },
) {
  override get message() {
    return `The MCP server ${JSON.stringify(this.serverName)} wants authorization. Set a valid auth_token or header for it.`
  }
}

/** Why there is no session with an MCP server. */
export type ConnectError =
  | AuthorizationRequired
  | HeaderInvalid
  | McpServerTimeout
  | McpServerUnreachable
  | NetworkForbidden
  | StdioForbidden
  | VariableMissing

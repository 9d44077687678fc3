import * as Schema from "effect/Schema"
import { Challenge } from "../transport/Challenge.ts"
import type { HeaderInvalid } from "../security/checkHeaders.ts"
import type { NetworkForbidden } from "../security/egress/NetworkForbidden.ts"
import type { AuthorizationFailed } from "../oauth/AuthorizationFailed.ts"
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

/** The MCP server has failed again and again, so that it is left alone for a while. Nothing was sent. */
export class McpServerFailing extends Schema.TaggedError<McpServerFailing>()("McpServerFailing", {
  serverName: Schema.String,
  /** In milliseconds since 1970, as the next. */
  since: Schema.Number,
  /** When it is tried again; undefined while that is being done. */
  nextTryAt: Schema.UndefinedOr(Schema.Number),
  /** What went wrong the last time. */
  reason: Schema.String,
}) {
  override get message() {
    const next = this.nextTryAt === undefined ? "just now" : `at ${timeOf(this.nextTryAt)}`
    return `The MCP server ${JSON.stringify(this.serverName)} has been failing since ${timeOf(this.since)}, and nothing was sent to it now. It is tried again ${next}, and at once when you refresh it, connect to it or change its config. The last time: ${this.reason}`
  }
}

const timeOf = (millis: number) => new Date(millis).toISOString()

/** As many sessions are live, and in use, as the host allows. Nothing was sent. */
export class TooManySessions extends Schema.TaggedError<TooManySessions>()("TooManySessions", {
  /** Which of the host's `limits` it is: that of the actor, or that of all together. */
  limit: Schema.Literals(["sessions", "sessionsPerActor"]),
  max: Schema.Int,
}) {
  override get message() {
    const whose = this.limit === "sessions" ? "this host's" : "your"
    return `All of ${whose} ${this.max} sessions with MCP servers are in use. Try again when some of the runs have ended; the host can set the option "limits.${this.limit}" higher.`
  }
}

/** The MCP server does not let this actor in: they must sign in to it first, or the stored token is wrong. */
export class AuthorizationRequired extends Schema.TaggedError<AuthorizationRequired>()(
  "AuthorizationRequired",
  {
    serverName: Schema.String,
    /** How to sign in; null where that would not help: the token that is set or was got for it was refused. */
    challenge: Schema.NullOr(Challenge),
  },
) {
  override get message() {
    const name = JSON.stringify(this.serverName)
    return this.challenge === null
      ? `The MCP server ${name} refused the token that is set for it, or that its oauth settings led to. Set a valid auth_token or header, or mend those settings.`
      : `The MCP server ${name} wants you to sign in. Connect to it, and follow the authorization_url that the events bring; or set an auth_token or header for it.`
  }
}

/** Why there is no session with an MCP server. */
export type ConnectError =
  | AuthorizationFailed
  | AuthorizationRequired
  | HeaderInvalid
  | McpServerFailing
  | McpServerTimeout
  | McpServerUnreachable
  | NetworkForbidden
  | StdioForbidden
  | TooManySessions
  | VariableMissing

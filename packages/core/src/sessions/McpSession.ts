import type { CallToolResult } from "@modelcontextprotocol/client"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Challenge } from "../transport/Challenge.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
import type { FollowLimits } from "./callDeadline.ts"
import type { ConnectError } from "./ConnectError.ts"

/** A call that has certainly not reached the MCP server: it may be made again on a new session. */
export class ToolCallNotSent extends Schema.TaggedError<ToolCallNotSent>()("ToolCallNotSent", {
  problem: Schema.String,
}) {
  override get message() {
    return this.problem
  }
}

/** A call that may have reached the MCP server and brought no result. It is never made again by itself. */
export class ToolCallFailed extends Schema.TaggedError<ToolCallFailed>()("ToolCallFailed", {
  problem: Schema.String,
  /** The kind of failure in a word, for metrics. */
  errorType: Schema.optionalKey(Schema.String),
  /** Of the JSON-RPC error that was the answer. */
  rpcCode: Schema.optionalKey(Schema.Number),
}) {
  override get message() {
    return this.problem
  }
}

/** A call that the MCP server did not take, because its user has not signed in, or was granted too little for it. */
export class ToolCallUnauthorized extends Schema.TaggedError<ToolCallUnauthorized>()("ToolCallUnauthorized", {
  challenge: Challenge,
}) {
  override get message() {
    return this.challenge.error === "insufficient_scope"
      ? "The MCP server did not run the tool: you are signed in with fewer permissions (scopes) than it needs."
      : "The MCP server did not run the tool: it wants you to sign in."
  }
}

/** Why a call brought no result. */
export type ToolCallError = ToolCallFailed | ToolCallNotSent | ToolCallUnauthorized

/** A call of a tool. */
export interface ToolCall {
  readonly tool: ToolDefinition
  readonly args: Readonly<Record<string, unknown>>
  /** Who makes it. */
  readonly userId: string
  /** In how many milliseconds it is given up. */
  readonly timeoutMs: number
  /** Who follows it. It then sets the time, in the place of `timeoutMs`. */
  readonly follower?: CallFollower | undefined
}

/** Somebody who follows a call while it runs. */
export interface CallFollower {
  /** Names the call to its MCP server, and no other call. */
  readonly token: string
  /** What the server says, not checked yet. It must not throw. */
  readonly feed: { readonly progress: (params: object) => void; readonly log: (params: object) => void }
  readonly startedAt: number
  readonly limits: FollowLimits
}

/** A live session with an MCP server, open to concurrent calls. */
export interface McpSession {
  /** Every page of the server's tools. */
  readonly listTools: Effect.Effect<ReadonlyArray<ToolDefinition>, ConnectError>
  /** The same where nobody waits for it: the server can ask nobody anything, and where it fails, calls go on. */
  readonly listToolsAside: Effect.Effect<ReadonlyArray<ToolDefinition>, ConnectError>
  /**
   * Hears of changed tools until it is interrupted or the server ends it; undefined where that needs no asking, or
   * where the server does not tell.
   */
  readonly hearOfTools: Effect.Effect<void> | undefined
  /** Interrupting it cancels the call at the server. */
  readonly callTool: (call: ToolCall) => Effect.Effect<CallToolResult, ToolCallError>
  /** Whether new calls may be made: false once the connection is known to be gone. */
  readonly isOpen: () => boolean
  /** Which revisions of MCP it speaks: those up to 2025-11-25, or 2026-07-28. */
  readonly era: "legacy" | "modern"
}

import type { CallToolResult } from "@modelcontextprotocol/client"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Challenge } from "../transport/Challenge.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
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
}) {
  override get message() {
    return this.problem
  }
}

/** A call that the MCP server did not take, because its user has been granted too little for it. */
export class ToolCallUnauthorized extends Schema.TaggedError<ToolCallUnauthorized>()("ToolCallUnauthorized", {
  challenge: Challenge,
}) {
  override get message() {
    return "The MCP server did not run the tool: you are signed in with fewer permissions (scopes) than it needs."
  }
}

/** A live session with an MCP server, open to concurrent calls. */
export interface McpSession {
  /** Every page of the server's tools. */
  readonly listTools: Effect.Effect<ReadonlyArray<ToolDefinition>, ConnectError>
  /** Interrupting it cancels the call at the server. */
  readonly callTool: (
    tool: ToolDefinition,
    args: Readonly<Record<string, unknown>>,
    timeoutMs: number,
  ) => Effect.Effect<CallToolResult, ToolCallNotSent | ToolCallFailed | ToolCallUnauthorized>
  /** Whether new calls may be made: false once the connection is known to be gone. */
  readonly isOpen: () => boolean
}

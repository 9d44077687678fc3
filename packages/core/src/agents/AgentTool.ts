import type { McpServerId } from "../servers/McpServer.ts"
import type { McpTool } from "../tools/McpTool.ts"

/** A schema as model providers take it: of an object, with its `properties` named. */
export interface AgentInputSchema {
  readonly type: "object"
  readonly [keyword: string]: unknown
}

/** A tool as it is offered to a model. */
export interface AgentTool {
  /** Fits every provider (`[a-zA-Z0-9_-]`, at most 64), and means one tool of one server. */
  readonly name: string
  /** What the tool is for, cut where it is longer than the option `maxDescription`. */
  readonly description: string
  readonly inputSchema: AgentInputSchema
  readonly server: { readonly id: McpServerId; readonly name: string }
  /** The tool as its server lists it. */
  readonly tool: McpTool
}

/** A tool that is not offered, and why. */
export interface LeftOutTool {
  readonly server: { readonly id: McpServerId; readonly name: string }
  readonly tool: McpTool
  readonly reason: "filtered" | "invalid_schema" | "needs_approval" | "no_name_left" | "too_large"
}

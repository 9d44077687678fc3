import * as Schema from "effect/Schema"
import { prefixedUuid } from "../identifiers.ts"
import { McpServerId } from "../servers/McpServer.ts"
import { SchemaHealth } from "./SchemaHealth.ts"
import { ToolDefinition } from "./ToolDefinition.ts"

/** `tool-<uuid4>`, the same for as long as the MCP server lists a tool of that name. */
export const McpToolId = Schema.String.pipe(Schema.brand("McpToolId"))
export type McpToolId = typeof McpToolId.Type

export const makeMcpToolId = (): McpToolId => McpToolId.make(prefixedUuid("tool"))

/** A tool of a registered MCP server. Names are unique within a server, not across servers. */
export const McpTool = Schema.Struct({
  id: McpToolId,
  serverId: McpServerId,
  definition: ToolDefinition,
  /** See {@link toolFingerprint}. */
  fingerprint: Schema.String,
  /**
   * Whether its definition has come by a later listing than its server's first one and nobody has approved it: with the
   * option `approveChangedTools` it is not run.
   */
  needsApproval: Schema.Boolean,
  schemaHealth: SchemaHealth,
  /** The user whose refresh saw the tool first. */
  createdBy: Schema.String,
  /** The user whose refresh last saw it change. */
  updatedBy: Schema.String,
})
export interface McpTool extends Schema.Schema.Type<typeof McpTool> {}

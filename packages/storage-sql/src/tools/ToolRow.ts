import { McpServerId, type McpTool, McpToolId, SchemaHealth, ToolDefinition } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A row of `mooring_tools`. */
export interface ToolRow {
  readonly id: string
  readonly server_id: string
  /** From 0, as the MCP server lists them. */
  readonly position: number
  /** JSON. */
  readonly definition: string
  /** JSON. */
  readonly schema_health: string
  readonly created_by: string
  readonly updated_by: string
}

export const encodeTool = (tool: McpTool, position: number): ToolRow => ({
  id: tool.id,
  server_id: tool.serverId,
  position,
  definition: JSON.stringify(tool.definition),
  schema_health: JSON.stringify(tool.schemaHealth),
  created_by: tool.createdBy,
  updated_by: tool.updatedBy,
})

export const decodeTool = Effect.fnUntraced(function* (row: Omit<ToolRow, "position">) {
  const tool: McpTool = {
    id: McpToolId.make(row.id),
    serverId: McpServerId.make(row.server_id),
    definition: yield* decodeDefinition(row.definition),
    schemaHealth: yield* decodeHealth(row.schema_health),
    createdBy: row.created_by,
    updatedBy: row.updated_by,
  }
  return tool
})

const decodeDefinition = Schema.decodeEffect(Schema.fromJsonString(ToolDefinition))
const decodeHealth = Schema.decodeEffect(Schema.fromJsonString(SchemaHealth))

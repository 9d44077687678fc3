import {
  McpServerId,
  type McpTool,
  McpToolId,
  SchemaHealth,
  ToolDefinition,
  toolFingerprint,
} from "@mooring/core"
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
  /** Null where a release has written the tool that knew no fingerprints. */
  readonly fingerprint: string | null
  readonly needs_approval: 0 | 1
  /** JSON. */
  readonly schema_health: string
  readonly created_by: string
  readonly updated_by: string
}

/** The columns of a {@link ToolRow} that are read. */
export const toolColumns = [
  "id",
  "server_id",
  "definition",
  "fingerprint",
  "needs_approval",
  "schema_health",
  "created_by",
  "updated_by",
] as const satisfies ReadonlyArray<keyof ToolRow>

export const encodeTool = (tool: McpTool, position: number): ToolRow => ({
  id: tool.id,
  server_id: tool.serverId,
  position,
  definition: JSON.stringify(tool.definition),
  fingerprint: tool.fingerprint,
  needs_approval: tool.needsApproval ? 1 : 0,
  schema_health: JSON.stringify(tool.schemaHealth),
  created_by: tool.createdBy,
  updated_by: tool.updatedBy,
})

export const decodeTool = Effect.fnUntraced(function* (row: Omit<ToolRow, "position">) {
  const definition = yield* decodeDefinition(row.definition)
  const tool: McpTool = {
    id: McpToolId.make(row.id),
    serverId: McpServerId.make(row.server_id),
    definition,
    fingerprint: row.fingerprint ?? (yield* toolFingerprint(definition)),
    needsApproval: row.needs_approval === 1,
    schemaHealth: yield* decodeHealth(row.schema_health),
    createdBy: row.created_by,
    updatedBy: row.updated_by,
  }
  return tool
})

const decodeDefinition = Schema.decodeEffect(Schema.fromJsonString(ToolDefinition))
const decodeHealth = Schema.decodeEffect(Schema.fromJsonString(SchemaHealth))

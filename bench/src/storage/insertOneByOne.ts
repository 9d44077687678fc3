import type { McpTool } from "@mooring/core"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/** What the stores don't do: a statement for each tool. */
export const insertOneByOne = Effect.fnUntraced(function* (
  tools: ReadonlyArray<McpTool>,
  commits: "each for itself" | "in one transaction",
) {
  const sql = yield* SqlClient
  const inserts = Effect.forEach(
    tools,
    (tool, position) =>
      sql`insert into mooring_tools ${sql.insert({
        id: tool.id,
        server_id: tool.serverId,
        position,
        definition: JSON.stringify(tool.definition),
        fingerprint: tool.fingerprint,
        needs_approval: tool.needsApproval ? 1 : 0,
        schema_health: JSON.stringify(tool.schemaHealth),
        created_by: tool.createdBy,
        updated_by: tool.updatedBy,
      })}`,
    { discard: true },
  )
  yield* commits === "in one transaction" ? sql.withTransaction(inserts) : inserts
})

import {
  McpServerChanged,
  McpServerNotFound,
  type McpTool,
  McpToolNotFound,
  SignalHub,
  type ToolReplacement,
  ToolStore,
} from "@mooring/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { isServerId, isToolId } from "../identifiers.ts"
import { makeServerRows, serverColumns, type ServerRow } from "../servers/ServerRow.ts"
import { tellAfter } from "../tellAfter.ts"
import { makeStoreMethod } from "../storeMethod.ts"
import { decodeTool, encodeTool, type ToolRow } from "./ToolRow.ts"

/** The tools of MCP servers in the table `mooring_tools`. */
export const layerSqlToolStore = (timeout: Duration.Input) =>
  Layer.effect(
    ToolStore,
    Effect.gen(function* () {
      const sql = (yield* SqlClient).withoutTransforms()
      const rows = yield* makeServerRows
      const hub = yield* SignalHub
      const method = yield* makeStoreMethod(timeout)

      const columnsOfServer = sql.literal(serverColumns.map((column) => `s.${column}`).join(", "))

      const list = Effect.fnUntraced(function* (organizationId: string, serverId: string) {
        if (!isServerId(serverId)) return yield* new McpServerNotFound({ id: serverId })
        // One row with an empty tool where the server has none, no row where there is no server.
        const found = yield* sql<ToolRow | { readonly id: null }>`
          select t.id, t.server_id, t.definition, t.schema_health, t.created_by, t.updated_by
          from mooring_servers s left join mooring_tools t on t.server_id = s.id
          where s.id = ${serverId} and s.organization_id = ${organizationId}
          order by t.position`
        if (found.length === 0) return yield* new McpServerNotFound({ id: serverId })
        return yield* Effect.forEach(
          found.filter((row) => row.id !== null),
          decodeTool,
        )
      })

      const get = Effect.fnUntraced(function* (organizationId: string, serverId: string, id: string) {
        if (!isServerId(serverId)) return yield* new McpServerNotFound({ id: serverId })
        const [row] = yield* sql<ServerRow & OfferedToolColumns>`
          select ${columnsOfServer},
            t.id as tool_id, t.definition as tool_definition, t.schema_health as tool_schema_health,
            t.created_by as tool_created_by, t.updated_by as tool_updated_by
          from mooring_servers s left join mooring_tools t on t.server_id = s.id and t.id = ${isToolId(id) ? id : ""}
          where s.id = ${serverId} and s.organization_id = ${organizationId}`
        if (row === undefined) return yield* new McpServerNotFound({ id: serverId })
        if (row.tool_id === null) return yield* new McpToolNotFound({ id })
        return {
          server: yield* rows.decode(row),
          tool: yield* decodeTool({
            id: row.tool_id,
            server_id: row.id,
            definition: row.tool_definition,
            schema_health: row.tool_schema_health,
            created_by: row.tool_created_by,
            updated_by: row.tool_updated_by,
          }),
        }
      })

      const insertAll = (tools: ReadonlyArray<McpTool>) => {
        // One statement, however many tools, with a list for a parameter: both databases limit the number of parameters.
        const rows = tools.map(encodeTool)
        const all = (column: keyof ToolRow) => arrayLiteral(rows.map((row) => row[column]))
        return sql.onDialectOrElse({
          pg: () => sql`
            insert into mooring_tools (id, server_id, position, definition, schema_health, created_by, updated_by)
            select * from unnest(${all("id")}::text[], ${all("server_id")}::text[], ${all("position")}::integer[],
              ${all("definition")}::text[], ${all("schema_health")}::text[], ${all("created_by")}::text[],
              ${all("updated_by")}::text[])`,
          orElse: () => sql`
            insert into mooring_tools (id, server_id, position, definition, schema_health, created_by, updated_by)
            select value ->> 'id', value ->> 'server_id', value ->> 'position', value ->> 'definition',
              value ->> 'schema_health', value ->> 'created_by', value ->> 'updated_by'
            from json_each(${JSON.stringify(rows)})`,
        })
      }

      const replaceAll = Effect.fnUntraced(function* (
        {
          id,
          organizationId,
          revision,
        }: { readonly id: string; readonly organizationId: string; readonly revision: number },
        replace: (current: ReadonlyArray<McpTool>) => ToolReplacement,
      ) {
        // The write comes first: whoever else changes, removes or refreshes this server waits for the end of it.
        const [server] = yield* sql<{ readonly revision: number }>`
          update mooring_servers set tools_version = tools_version + 1
          where id = ${id} and organization_id = ${organizationId} returning revision`
        if (server === undefined) return yield* new McpServerNotFound({ id })
        if (server.revision !== revision) return yield* new McpServerChanged({ id })
        const current = yield* list(organizationId, id)
        const replacement = replace(current)
        if (isSame(current, replacement.tools)) return replacement
        if (current.length > 0) yield* sql`delete from mooring_tools where server_id = ${id}`
        if (replacement.tools.length > 0) yield* insertAll(replacement.tools)
        return replacement
      }, sql.withTransaction)

      return ToolStore.of({
        list: (organizationId, serverId) => method("ToolStore.list")(list(organizationId, serverId)),
        get: (organizationId, serverId, id) => method("ToolStore.get")(get(organizationId, serverId, id)),
        replaceAll: (server, replace) =>
          method("ToolStore.replaceAll")(
            tellAfter(
              hub,
              { type: "tools_changed", serverId: server.id },
              replaceAll(server, replace),
              () => true,
            ),
          ),
      })
    }),
  )

/** PostgreSQL, "Array Value Input": quoted, everything but quotes and backslashes stands as it is. */
const arrayLiteral = (values: ReadonlyArray<string | number>): string =>
  `{${values.map((value) => `"${String(value).replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`

const isSame = (current: ReadonlyArray<McpTool>, next: ReadonlyArray<McpTool>): boolean =>
  current.length === next.length && current.every((tool, index) => tool === next[index])

type OfferedToolColumns =
  | { readonly tool_id: null }
  | {
      readonly tool_id: string
      readonly tool_definition: string
      readonly tool_schema_health: string
      readonly tool_created_by: string
      readonly tool_updated_by: string
    }

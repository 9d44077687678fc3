import {
  type ApprovedDefinitions,
  McpServerChanged,
  McpServerNotFound,
  type McpTool,
  McpToolNotFound,
  SignalHub,
  type ToolApproval,
  type ToolReplacement,
  ToolStore,
} from "@mooring/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import { arrayLiteral } from "../arrayLiteral.ts"
import { isServerId, isToolId } from "../identifiers.ts"
import { makeServerRows, serverColumns, type ServerRow } from "../servers/ServerRow.ts"
import { tellAfter } from "../tellAfter.ts"
import { makeStoreMethod } from "../storeMethod.ts"
import { decodeTool, encodeTool, toolColumns, type ToolRow } from "./ToolRow.ts"

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
      const columnsOfTool = sql.literal(toolColumns.map((column) => `t.${column}`).join(", "))
      const offeredToolColumns = sql.literal(
        toolColumns.map((column) => `t.${column} as tool_${column}`).join(", "),
      )

      const list = Effect.fnUntraced(function* (organizationId: string, serverId: string) {
        if (!isServerId(serverId)) return yield* new McpServerNotFound({ id: serverId })
        // One row with an empty tool where the server has none, no row where there is no server.
        const found = yield* sql<ToolRow | { readonly id: null }>`
          select ${columnsOfTool}
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
          select ${columnsOfServer}, ${offeredToolColumns}
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
            fingerprint: row.tool_fingerprint,
            needs_approval: row.tool_needs_approval,
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
            insert into mooring_tools (id, server_id, position, definition, fingerprint, needs_approval, schema_health,
              created_by, updated_by)
            select * from unnest(${all("id")}::text[], ${all("server_id")}::text[], ${all("position")}::integer[],
              ${all("definition")}::text[], ${all("fingerprint")}::text[], ${all("needs_approval")}::integer[],
              ${all("schema_health")}::text[], ${all("created_by")}::text[], ${all("updated_by")}::text[])`,
          orElse: () => sql`
            insert into mooring_tools (id, server_id, position, definition, fingerprint, needs_approval, schema_health,
              created_by, updated_by)
            select value ->> 'id', value ->> 'server_id', value ->> 'position', value ->> 'definition',
              value ->> 'fingerprint', value ->> 'needs_approval', value ->> 'schema_health', value ->> 'created_by',
              value ->> 'updated_by'
            from json_each(${JSON.stringify(rows)})`,
        })
      }

      /** It is a write: whoever else changes, removes or refreshes this server waits for the end of the transaction. */
      const lock = Effect.fnUntraced(function* (organizationId: string, id: string) {
        const [server] = yield* sql<{ readonly revision: number; readonly approved_tools: string | null }>`
          update mooring_servers set tools_version = tools_version + 1
          where id = ${id} and organization_id = ${organizationId} returning revision, approved_tools`
        if (server === undefined) return yield* new McpServerNotFound({ id })
        const approved = server.approved_tools === null ? null : yield* decodeApproved(server.approved_tools)
        return { revision: server.revision, approved }
      })

      const setApproved = (id: string, before: ApprovedDefinitions, approved?: ApprovedDefinitions) =>
        approved === undefined || approved === before
          ? Effect.void
          : sql`
              update mooring_servers set approved_tools = ${approved === null ? null : JSON.stringify(approved)}
              where id = ${id}`

      const replaceAll = Effect.fnUntraced(function* (
        {
          id,
          organizationId,
          revision,
        }: { readonly id: string; readonly organizationId: string; readonly revision: number },
        replace: (current: ReadonlyArray<McpTool>, approved: ApprovedDefinitions) => ToolReplacement,
      ) {
        const server = yield* lock(organizationId, id)
        if (server.revision !== revision) return yield* new McpServerChanged({ id })
        const current = yield* list(organizationId, id)
        const replacement = replace(current, server.approved)
        yield* setApproved(id, server.approved, replacement.approved)
        if (isSame(current, replacement.tools)) return replacement
        if (current.length > 0) yield* sql`delete from mooring_tools where server_id = ${id}`
        if (replacement.tools.length > 0) yield* insertAll(replacement.tools)
        return replacement
      }, sql.withTransaction)

      const modify = Effect.fnUntraced(function* <E>(
        organizationId: string,
        serverId: string,
        id: string,
        change: (current: ToolApproval) => Result.Result<ToolApproval, E>,
      ) {
        if (!isServerId(serverId)) return yield* new McpServerNotFound({ id: serverId })
        const { approved } = yield* lock(organizationId, serverId)
        const [row] = yield* sql<ToolRow>`
          select ${columnsOfTool}, t.position from mooring_tools t
          where t.id = ${isToolId(id) ? id : ""} and t.server_id = ${serverId}`
        if (row === undefined) return yield* new McpToolNotFound({ id })
        const next = yield* Effect.fromResult(change({ tool: yield* decodeTool(row), approved }))
        const { id: _, ...columns } = encodeTool(next.tool, row.position)
        yield* sql`update mooring_tools set ${sql.update({ ...columns })} where id = ${row.id}`
        yield* setApproved(serverId, approved, next.approved)
        return next.tool
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
        modify: (organizationId, serverId, id, change) =>
          method("ToolStore.modify")(
            tellAfter(
              hub,
              { type: "tools_changed", serverId },
              modify(organizationId, serverId, id, change),
              () => true,
            ),
          ),
      })
    }),
  )

const decodeApproved = Schema.decodeEffect(Schema.fromJsonString(Schema.Array(Schema.String)))

const isSame = (current: ReadonlyArray<McpTool>, next: ReadonlyArray<McpTool>): boolean =>
  current.length === next.length && current.every((tool, index) => tool === next[index])

type OfferedToolColumns =
  | { readonly tool_id: null }
  | {
      readonly tool_id: string
      readonly tool_definition: string
      readonly tool_fingerprint: string | null
      readonly tool_needs_approval: 0 | 1
      readonly tool_schema_health: string
      readonly tool_created_by: string
      readonly tool_updated_by: string
    }

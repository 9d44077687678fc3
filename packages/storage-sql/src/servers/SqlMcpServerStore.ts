import {
  type McpServer,
  McpServerNameTaken,
  McpServerNotFound,
  McpServerStore,
  SignalHub,
} from "@mooring/core"
import * as Arr from "effect/Array"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Result from "effect/Result"
import { SqlClient } from "effect/sql/SqlClient"
import { isSqlError } from "effect/sql/SqlError"
import { isServerId, isStorableName } from "../identifiers.ts"
import { tellAfter } from "../tellAfter.ts"
import { makeStoreMethod } from "../storeMethod.ts"
import { encodeTime } from "../times.ts"
import { serverUrlOf } from "./configColumns.ts"
import { makeServerRows, serverColumns, type ServerRow } from "./ServerRow.ts"

/** MCP servers in the table `mooring_servers`. */
export const layerSqlMcpServerStore = (timeout: Duration.Input) =>
  Layer.effect(
    McpServerStore,
    Effect.gen(function* () {
      const sql = (yield* SqlClient).withoutTransforms()
      const { decode, encodeConfig } = yield* makeServerRows
      const hub = yield* SignalHub
      const method = yield* makeStoreMethod(timeout)

      const columns = sql.literal(serverColumns.join(", "))

      const find = Effect.fnUntraced(function* (organizationId: string, id: string) {
        if (!isServerId(id)) return yield* new McpServerNotFound({ id })
        const [row] = yield* sql<ServerRow>`
          select ${columns} from mooring_servers where id = ${id} and organization_id = ${organizationId}`
        return row ?? (yield* new McpServerNotFound({ id }))
      })

      const getByName = Effect.fnUntraced(function* (organizationId: string, name: string) {
        if (!isStorableName(name)) return yield* new McpServerNotFound({ id: name })
        const [row] = yield* sql<ServerRow>`
          select ${columns} from mooring_servers where organization_id = ${organizationId} and name = ${name}`
        return row === undefined ? yield* new McpServerNotFound({ id: name }) : yield* decode(row)
      })

      const insert = Effect.fnUntraced(function* (server: McpServer) {
        const row = {
          id: server.id,
          organization_id: server.organizationId,
          name: server.name,
          ...(yield* encodeConfig(server)),
          revision: server.revision,
          version: 1,
          tools_version: 1,
          created_by: server.createdBy,
          updated_by: server.updatedBy,
          created_at: encodeTime(server.createdAt),
          updated_at: encodeTime(server.updatedAt),
        }
        const inserted = yield* sql`
          insert into mooring_servers ${sql.insert(row)}
          on conflict (organization_id, name) do nothing returning id`
        if (inserted.length === 0) yield* new McpServerNameTaken({ name: server.name })
      })

      /** Writes what comes of one reading, or nothing where another change was faster. */
      const modifyOnce = Effect.fnUntraced(function* <E>(
        organizationId: string,
        id: string,
        change: (current: McpServer) => Result.Result<McpServer, E>,
      ) {
        const row = yield* find(organizationId, id)
        const next = yield* Effect.fromResult(change(yield* decode(row)))
        const update = sql`
          update mooring_servers set ${sql.update({
            name: next.name,
            ...(yield* encodeConfig(next)),
            revision: next.revision,
            version: row.version + 1,
            updated_by: next.updatedBy,
            updated_at: encodeTime(next.updatedAt),
          })}
          where id = ${id} and organization_id = ${organizationId} and version = ${row.version}
          returning id`
        const signal = { type: "server_changed", serverId: id, revision: next.revision } as const
        const written = yield* tellAfter(hub, signal, update, Arr.isReadonlyArrayNonEmpty).pipe(
          Effect.catchIf(
            (error) => isSqlError(error) && error.reason._tag === "UniqueViolation",
            () => Effect.fail(new McpServerNameTaken({ name: next.name })),
          ),
        )
        return written.length === 0 ? Option.none() : Option.some(next)
      })

      const modify = Effect.fnUntraced(function* <E>(
        organizationId: string,
        id: string,
        change: (current: McpServer) => Result.Result<McpServer, E>,
      ) {
        while (true) {
          const written = yield* modifyOnce(organizationId, id, change)
          if (Option.isSome(written)) return written.value
        }
      })

      const remove = Effect.fnUntraced(function* (organizationId: string, id: string) {
        if (!isServerId(id)) return yield* new McpServerNotFound({ id })
        const removal = sql`
          delete from mooring_servers where id = ${id} and organization_id = ${organizationId} returning id`
        const removed = yield* tellAfter(
          hub,
          { type: "server_removed", serverId: id },
          removal,
          Arr.isReadonlyArrayNonEmpty,
        )
        if (removed.length === 0) return yield* new McpServerNotFound({ id })
      })

      const list = Effect.fnUntraced(function* (
        organizationId: string,
        after: string | undefined,
        limit: number | undefined,
      ) {
        if (after !== undefined && !isServerId(after)) return []
        const rows = yield* sql<ServerRow>`
          select ${columns} from mooring_servers
          where organization_id = ${organizationId}
          ${
            after === undefined
              ? sql.literal("")
              : sql`and seq > (select seq from mooring_servers where id = ${after} and organization_id = ${organizationId})`
          }
          order by seq ${limit === undefined ? sql.literal("") : sql`limit ${limit}`}`
        return yield* Effect.forEach(rows, decode, { concurrency: 8 })
      })

      const serverUrls = Effect.fnUntraced(function* (organizationId: string) {
        const rows = yield* sql<Pick<ServerRow, "config">>`
          select config from mooring_servers where organization_id = ${organizationId}`
        const urls = yield* Effect.forEach(rows, ({ config }) => serverUrlOf(config))
        return urls.filter((url) => url !== null)
      })

      return McpServerStore.of({
        insert: (server) => method("McpServerStore.insert")(insert(server)),
        get: (organizationId, id) =>
          method("McpServerStore.get")(Effect.flatMap(find(organizationId, id), decode)),
        getByName: (organizationId, name) =>
          method("McpServerStore.getByName")(getByName(organizationId, name)),
        list: (organizationId, { after, limit }) =>
          method("McpServerStore.list")(list(organizationId, after, limit)),
        serverUrls: (organizationId) => method("McpServerStore.serverUrls")(serverUrls(organizationId)),
        modify: (organizationId, id, change) =>
          method("McpServerStore.modify")(modify(organizationId, id, change)),
        remove: (organizationId, id) => method("McpServerStore.remove")(remove(organizationId, id)),
      })
    }),
  )

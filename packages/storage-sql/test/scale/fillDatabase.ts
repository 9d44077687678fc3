import type { McpServerId } from "@mooring/core"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { createServer } from "./createServer.ts"
import { toolColumns } from "./realisticTool.ts"

/** How much is put into a database. */
export interface DatabaseSize {
  /** Servers in all. A tenth of them are in `organization-large`, the others in organizations of fifty. */
  readonly servers: number
  /** How many of them are to be read: scattered over the others, twenty tools each; the others have five. */
  readonly read: number
}

/** What of a filled database may be read. */
export interface FilledServer {
  readonly id: McpServerId
  readonly organizationId: string
  readonly secrets: "with secrets" | "without secrets"
}

const toolsOfRead = 20
const toolsOfOthers = 5

/**
 * Fills tables that are empty. Half of the servers to be read are written through the stores, with encrypted secrets;
 * the others, and those around them, by SQL in the same form. It ends with what a database in use does by itself, or
 * its operator: vacuum and statistics.
 */
export const fillDatabase = Effect.fnUntraced(function* ({ read, servers }: DatabaseSize) {
  const sql = yield* SqlClient
  const withSecrets = Math.floor(read / 2)
  yield* sql.onDialectOrElse({
    pg: () => Effect.void,
    // For SQLite's default of 2 MB the indexes of random ids are too large to be built by inserts.
    orElse: () => sql`pragma cache_size = -400000`,
  })
  yield* insertServers(servers - withSecrets, read - withSecrets).pipe(
    Effect.andThen(insertTools),
    sql.withTransaction,
  )
  yield* Effect.forEach(
    Array.from({ length: withSecrets }, (_, index) => index),
    (index) => createServer(organization(servers - withSecrets + index), `secret-${index}`, toolsOfRead),
    { concurrency: 8, discard: true },
  )
  yield* sql.onDialectOrElse({
    pg: () => Effect.andThen(sql`vacuum (analyze) mooring_servers, mooring_tools`, sql`checkpoint`),
    orElse: () => Effect.andThen(sql`analyze`, sql`pragma wal_checkpoint(truncate)`),
  })
  return yield* sql<FilledServer>`
    select id, organization_id as ${sql("organizationId")},
      case when key_id is null then 'without secrets' else 'with secrets' end as secrets
    from mooring_servers
    where created_by in ('read', 'bench') order by seq`
})

const organization = (index: number) =>
  index % 10 === 0 ? "organization-large" : `organization-${Math.floor(index / 50)}`

const insertServers = Effect.fnUntraced(function* (count: number, read: number) {
  const sql = yield* SqlClient
  const every = Math.max(1, Math.floor(count / Math.max(1, read)))
  yield* sql`
    insert into mooring_servers (id, organization_id, name, config, revision, version, tools_version, created_by,
      updated_by, created_at, updated_at)
    with recursive numbers (i) as (select 0 union all select i + 1 from numbers where i + 1 < ${sql.literal(String(count))})
    select 'mcp_server-' || ${uuid(sql)},
      case when i % 10 = 0 then 'organization-large' else 'organization-' || (i / 50) end, 'server-' || i,
      '{"type":"streamable_http","serverUrl":"https://server-' || i || '.example.com/mcp","authHeader":null}', 1, 1, 2,
      case when i % ${sql.literal(String(every))} = 0 and i / ${sql.literal(String(every))} < ${sql.literal(String(read))}
        then 'read' else 'other' end,
      'other', '2026-11-21T12:00:00.000Z', '2026-11-21T12:00:00.000Z'
    from numbers`
})

const insertTools = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`
    insert into mooring_tools (id, server_id, position, definition, schema_health, created_by, updated_by)
    with recursive numbers (i) as (select 0 union all select i + 1 from numbers where i + 1 < ${sql.literal(String(toolsOfRead))})
    select 'tool-' || ${uuid(sql)}, s.id, i, '{"name":"tool_' || i || '"' || ${toolColumns.definitionRest},
      ${toolColumns.schemaHealth}, 'other', 'other'
    from mooring_servers s join numbers on s.created_by = 'read' or i < ${sql.literal(String(toolsOfOthers))}
    order by s.seq, i`
})

/** An expression for a random UUID of version 4. */
const uuid = (sql: SqlClient) =>
  sql.onDialectOrElse({
    pg: () => sql.literal("gen_random_uuid()"),
    orElse: () =>
      sql.literal(
        "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))",
      ),
  })

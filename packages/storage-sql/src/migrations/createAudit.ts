import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/**
 * Who did what to servers. A record hangs on no server, because it outlives it. Of each `bin` the newest ones are kept:
 * the runs of a server, its other acts, and either of all servers of an organization that are gone.
 */
export const createAudit = Effect.gen(function* () {
  const sql = yield* SqlClient
  const position = sql.onDialectOrElse({
    pg: () => sql.literal("seq bigint generated always as identity primary key"),
    orElse: () => sql.literal("seq integer primary key autoincrement"),
  })
  yield* sql`
    create table mooring_audit (
      ${position},
      id text not null unique,
      organization_id text not null,
      server_id text not null,
      bin text not null,
      user_id text not null,
      at text not null,
      act text not null
    )`
  yield* sql`create index mooring_audit_server on mooring_audit (organization_id, server_id, at, seq)`
  yield* sql`create index mooring_audit_bin on mooring_audit (organization_id, bin, seq)`
})

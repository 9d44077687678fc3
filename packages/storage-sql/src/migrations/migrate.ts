import * as Effect from "effect/Effect"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { addIssuedAt } from "./addIssuedAt.ts"
import { addOAuthColumns } from "./addOAuthColumns.ts"
import { addToolApprovals } from "./addToolApprovals.ts"
import { createAudit } from "./createAudit.ts"
import { createClientRegistrations } from "./createClientRegistrations.ts"
import { createCredentialsAndAuthorizations } from "./createCredentialsAndAuthorizations.ts"
import { createKeys } from "./createKeys.ts"
import { createRateLimits } from "./createRateLimits.ts"
import { createServersAndTools } from "./createServersAndTools.ts"
import { createWantedSignIns } from "./createWantedSignIns.ts"
import { tellOfExchanges } from "./tellOfExchanges.ts"

// Forward only: a number that has been released is never changed, and a step never removes what the release before it
// still uses, so that nodes of both may run side by side while they are exchanged.
const migrations = {
  "0001_create_servers_and_tools": createServersAndTools,
  "0002_create_credentials_and_authorizations": createCredentialsAndAuthorizations,
  "0003_create_keys": createKeys,
  "0004_add_oauth_columns": addOAuthColumns,
  "0005_tell_of_exchanges": tellOfExchanges,
  "0006_add_tool_approvals": addToolApprovals,
  "0007_create_audit": createAudit,
  "0008_create_rate_limits": createRateLimits,
  "0009_create_wanted_sign_ins": createWantedSignIns,
  "0010_create_client_registrations": createClientRegistrations,
  "0011_add_issued_at": addIssuedAt,
}

const table = "mooring_migrations"

/**
 * Takes the steps that are still to be taken, in one transaction and under a lock: any number of nodes may start at
 * once. It returns the names of the steps.
 */
export const migrate = Effect.map(
  Migrator.make({})({ loader: Migrator.fromRecord(migrations), table }),
  (taken) => taken.map(([id, name]) => `${String(id).padStart(4, "0")}_${name}`),
)

/** The names of the steps that have not been taken yet. */
export const pendingMigrations = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const tables = yield* sql.onDialectOrElse({
    pg: () =>
      sql`select 1 from pg_tables where schemaname = any (current_schemas(false)) and tablename = ${table}`,
    orElse: () => sql`select 1 from sqlite_master where type = 'table' and name = ${table}`,
  })
  const taken =
    tables.length === 0 ? [] : yield* sql<{ migration_id: number }>`select migration_id from ${sql(table)}`
  const ids = new Set(taken.map(({ migration_id }) => migration_id))
  return Object.keys(migrations).filter((name) => !ids.has(Number.parseInt(name, 10)))
})

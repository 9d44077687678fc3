import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"

/** One statement on a connection of its own. */
export const query = (url: string, text: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> =>
  SqlClient.use((sql) => sql.unsafe<Record<string, unknown>>(text)).pipe(
    Effect.provide(PgClient.layer({ url: Redacted.make(url), applicationName: "test", maxConnections: 1 })),
    Effect.runPromise,
  )

/** How many nodes are told of changes of the others. */
export const countListeners = async (url: string): Promise<number> => {
  const rows = await query(
    url,
    `select pid from pg_stat_activity
    where datname = current_database() and application_name = 'mooring' and query ilike 'listen%'`,
  )
  return rows.length
}

/** How many connections Mooring has to a database, of all its nodes together. */
export const countConnections = async (url: string): Promise<number> => {
  const rows = await query(
    url,
    "select pid from pg_stat_activity where datname = current_database() and application_name = 'mooring'",
  )
  return rows.length
}

import * as PgClient from "@effect/sql-pg/PgClient"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { expect } from "vitest"
import { query } from "../faults/query.ts"

/**
 * Lets a process come as far as its next write to a table, which then never arrives: as if the process had ended just
 * before it.
 *
 * @param approach what makes the process go there.
 * @param end ends the process, while its write waits.
 */
export const cutOffWrite = (
  url: string,
  table: string,
  approach: () => void,
  end: () => Promise<void>,
): Promise<void> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    // It may still be read.
    yield* sql`lock table ${sql(table)} in share mode`
    approach()
    yield* Effect.promise(() => expect.poll(() => waiting(url), patience).toHaveLength(1))
    yield* Effect.promise(end)
    // What waits would be done once the lock is gone, whoever sent it.
    yield* Effect.promise(() =>
      query(url, `select pg_terminate_backend(pid) from pg_stat_activity where ${isWaiting}`),
    )
    yield* Effect.promise(() => expect.poll(() => waiting(url), patience).toHaveLength(0))
  }).pipe(
    (locked) => SqlClient.use((sql) => sql.withTransaction(locked)),
    Effect.provide(PgClient.layer({ url: Redacted.make(url), applicationName: "test", maxConnections: 1 })),
    Effect.runPromise,
  )

const patience = { timeout: 10_000, interval: 5 }
const isWaiting = "datname = current_database() and application_name = 'mooring' and wait_event_type = 'Lock'"
const waiting = (url: string) => query(url, `select pid from pg_stat_activity where ${isWaiting}`)

import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/**
 * A number that changes when another connection, such as that of another process, has committed a change to the
 * database; this client's own changes leave it as it is. Only compare it with one read before by the same client.
 * To be polled: it takes a few microseconds, and leaves no spans.
 */
export const dataVersion: Effect.Effect<number, SqlError, SqlClient> = Effect.flatMap(SqlClient, (sql) =>
  sql<{ readonly data_version: number | bigint }>`PRAGMA data_version`.pipe(
    Effect.map(([row]) => Number(row?.data_version)),
  ),
).pipe(Effect.withTracerEnabled(false))

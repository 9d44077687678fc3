import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"

/**
 * The buckets of the rate limits. Times are milliseconds since 1970. PostgreSQL need not log them: after a crash everybody
 * begins with a full one.
 */
export const createRateLimits = Effect.gen(function* () {
  const sql = yield* SqlClient
  const table = sql.onDialectOrElse({
    pg: () => sql.literal("unlogged table"),
    orElse: () => sql.literal("table"),
  })
  yield* sql`
    create ${table} mooring_rate_limits (
      key text not null primary key,
      tokens double precision not null,
      filled_at double precision not null,
      full_at double precision not null,
      taken integer not null
    )`
  yield* sql`create index mooring_rate_limits_full_at on mooring_rate_limits (full_at)`
})

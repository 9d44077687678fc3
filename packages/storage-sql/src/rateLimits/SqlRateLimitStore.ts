import { RateLimitStore, type TokenBucket } from "@mooring/core"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import type { Fragment } from "effect/sql/Statement"
import { makeStoreMethod } from "../storeMethod.ts"

/** After so many takes, buckets that are full again are removed: they are as good as none. */
const sweepEvery = 1_000

/** Buckets of rate limits in the table `mooring_rate_limits`: of all nodes together. */
export const layerSqlRateLimitStore = (timeout: Duration.Input) =>
  Layer.effect(
    RateLimitStore,
    Effect.gen(function* () {
      const sql = (yield* SqlClient).withoutTransforms()
      const method = yield* makeStoreMethod(timeout)
      const scope = yield* Effect.scope
      let takes = 0

      const { greatest, least, whole } = sql.onDialectOrElse({
        pg: () => ({
          greatest: sql.literal("greatest"),
          least: sql.literal("least"),
          whole: (value: Fragment) => sql`floor(${value})`,
        }),
        orElse: () => ({
          greatest: sql.literal("max"),
          least: sql.literal("min"),
          whole: (value: Fragment) => sql`cast(${value} as integer)`,
        }),
      })
      /** Of the database: the clocks of nodes differ. A file is on one machine. */
      const timeOfStatement = sql.onDialectOrElse({
        pg: () => Effect.succeed(sql.literal("extract(epoch from statement_timestamp()) * 1000")),
        orElse: () => Effect.map(Clock.currentTimeMillis, (now) => sql.literal(String(now))),
      })

      const take = Effect.fnUntraced(function* ({ key, limit, refillMs }: TokenBucket) {
        const now = yield* Effect.map(timeOfStatement, (time) => sql`cast(${time} as double precision)`)
        const size = sql`cast(${limit} as double precision)`
        const refill = sql`cast(${refillMs} as double precision)`
        const filled = whole(sql`${greatest}(0, (${now} - bucket.filled_at) / ${refill})`)
        const available = sql`${least}(${size}, bucket.tokens + ${filled})`
        const filledAt = sql`case when bucket.tokens + ${filled} >= ${size} then ${now} else bucket.filled_at + ${filled} * ${refill} end`
        const left = sql`${greatest}(0, ${available} - 1)`
        const [row] = yield* sql<{ tokens: number; taken: number; elapsed: number }>`
          insert into mooring_rate_limits as bucket (key, tokens, filled_at, full_at, taken)
          values (${key}, ${size} - 1, ${now}, ${now} + ${refill}, 1)
          on conflict (key) do update set
            tokens = ${left},
            filled_at = ${filledAt},
            full_at = ${filledAt} + (${size} - ${left}) * ${refill},
            taken = case when ${available} >= 1 then 1 else 0 end
          returning tokens, taken, ${greatest}(0, ${now} - filled_at) as elapsed`
        if (row === undefined) return yield* Effect.die("An upsert returned no row.")
        takes += 1
        if (takes % sweepEvery === 0) yield* Effect.forkIn(sweep, scope)
        return [row.taken === 1 ? row.tokens : -1, row.elapsed] as const
      })

      const sweep = Effect.flatMap(
        timeOfStatement,
        (now) => sql`delete from mooring_rate_limits where full_at < ${now}`,
      ).pipe(method("RateLimitStore.sweep"), Effect.ignore)

      return RateLimitStore.of({ take: (bucket) => method("RateLimitStore.take")(take(bucket)) })
    }),
  )

import type { PgPoolConfig } from "@effect/sql-pg/PgClient"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { ConnectionOptions } from "node:tls"

/** How to reach a PostgreSQL server. */
export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`, in most places the variable `DATABASE_URL`. */
  readonly url: string | undefined
  /**
   * `true` demands TLS with a certificate that is valid; options of Node's `tls.connect` say more, such as `ca`.
   * Default: what `sslmode` in the URL says (`disable`, `prefer`, `require`, `verify-full`), otherwise none.
   */
  readonly tls?: boolean | ConnectionOptions | undefined
  /** The most connections at once. One more listens for changes. Default: 10. */
  readonly maxConnections?: number | undefined
  /**
   * `false` where a pooler between cannot keep prepared statements. Listening needs a session of its own: a pooler that
   * shares them out by transaction does not do. Default: true.
   */
  readonly prepare?: boolean | undefined
}

/** The URL of the database is missing or wrong. The message never holds it: a password is in it. */
export class PostgresUrlInvalid extends Schema.TaggedError<PostgresUrlInvalid>()("PostgresUrlInvalid", {
  problem: Schema.String,
}) {
  override get message() {
    return `The URL of the PostgreSQL database ${this.problem}. It looks like postgres://user:password@host:5432/database.`
  }
}

/** The options in the terms of `@effect/sql-pg`. */
export const toClientConfig = ({
  maxConnections,
  prepare,
  tls,
  url,
}: PostgresOptions): Result.Result<PgPoolConfig, PostgresUrlInvalid> => {
  const refused = (problem: string) => Result.fail(new PostgresUrlInvalid({ problem }))
  if (url === undefined || url === "") return refused("is missing")
  const parsed = URL.parse(url)
  if (parsed === null) return refused("cannot be read")
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) return refused(`begins with ${parsed.protocol}`)
  return Result.succeed({
    url: Redacted.make(url),
    ssl: tls,
    maxConnections,
    prepare,
    applicationName: "mooring",
    connectTimeout: Duration.seconds(3),
    // Routers forget connections on which nothing happens, and tell nobody.
    keepAlive: Duration.seconds(30),
  })
}

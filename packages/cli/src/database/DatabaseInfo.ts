import { countByKey, type KeyUse, pendingMigrations } from "@mooring/storage-sql"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { readVersion } from "../readVersion.ts"
import type { Database } from "./Database.ts"

/** What `mooring info` tells, as `--json` prints it. */
export interface DatabaseInfo {
  readonly database: {
    readonly kind: Database["kind"]
    /** Of PostgreSQL or SQLite. */
    readonly version: string
    /** Without the password. */
    readonly location: string
  }
  /** The version of this command. */
  readonly release: string
  /** In their order. */
  readonly migrations: ReadonlyArray<{ readonly name: string; readonly taken: boolean }>
  /** How many there are; null where their tables are not there yet. */
  readonly servers: number | null
  readonly tools: number | null
  /**
   * The keys of `MOORING_KEY` in their order, then the others that secrets are encrypted with; null where tables are
   * not there yet.
   */
  readonly keys: ReadonlyArray<KeyInfo> | null
}

export interface KeyInfo {
  readonly id: string
  /** How many records have secrets under it: servers, credentials, and sign-ins under way. */
  readonly records: number
  /** How many of them are servers. */
  readonly servers: number
  /** Whether it is one of `MOORING_KEY`; null where that is not set. */
  readonly given: boolean | null
  /** Whether it is the first of `MOORING_KEY`; null where that is not set. */
  readonly encrypts: boolean | null
}

/**
 * Reads it from the database.
 *
 * @param ring the ids of the keys of `MOORING_KEY`, if that is set.
 */
export const readDatabaseInfo = Effect.fnUntraced(function* (
  { kind, location }: Database,
  ring: ReadonlyArray<string> | undefined,
) {
  const taken = yield* takenMigrations
  const pending = yield* pendingMigrations
  const info: DatabaseInfo = {
    database: { kind, version: yield* readServerVersion, location },
    release: readVersion(),
    migrations: [
      ...taken.map((name) => ({ name, taken: true })),
      ...pending.map((name) => ({ name, taken: false })),
    ].toSorted((one, other) => one.name.localeCompare(other.name)),
    servers: yield* count("mooring_servers"),
    tools: yield* count("mooring_tools"),
    keys: yield* countByKey.pipe(
      Effect.map((uses) => describeKeys(uses, ring)),
      orWhereTableIsMissing(null),
    ),
  }
  return info
})

const describeKeys = (
  uses: ReadonlyArray<KeyUse>,
  ring: ReadonlyArray<string> | undefined,
): ReadonlyArray<KeyInfo> => {
  const ids = new Set([...(ring ?? []), ...uses.map(({ keyId }) => keyId).toSorted()])
  return Array.from(ids, (id) => {
    const { rows, servers } = uses.find(({ keyId }) => keyId === id) ?? { rows: 0, servers: 0 }
    return {
      id,
      records: rows,
      servers,
      given: ring === undefined ? null : ring.includes(id),
      encrypts: ring === undefined ? null : ring[0] === id,
    }
  })
}

const takenMigrations = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const rows = yield* sql<{ readonly migration_id: number; readonly name: string }>`
    select migration_id, name from mooring_migrations`.pipe(orWhereTableIsMissing([]))
  return rows.map(({ migration_id, name }) => `${String(migration_id).padStart(4, "0")}_${name}`)
})

/** The statements are right: what of their names could be wrong is that a table is not there. */
const orWhereTableIsMissing =
  <B>(instead: B) =>
  <A, R>(effect: Effect.Effect<A, SqlError, R>): Effect.Effect<A | B, SqlError, R> =>
    Effect.catchIf(
      effect,
      ({ reason }) => reason._tag === "SqlSyntaxError",
      () => Effect.succeed(instead),
    )

const readServerVersion = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const [row] = yield* sql.onDialectOrElse({
    pg: () => sql<{ readonly version: string }>`select current_setting('server_version') as version`,
    orElse: () => sql<{ readonly version: string }>`select sqlite_version() as version`,
  })
  return row?.version ?? "unknown"
})

const count = Effect.fnUntraced(function* (table: string) {
  const sql = (yield* SqlClient).withoutTransforms()
  const rows = yield* sql<{ readonly count: number | bigint | string }>`
    select count(*) as count from ${sql(table)}`.pipe(orWhereTableIsMissing([]))
  return rows[0] === undefined ? null : Number(rows[0].count)
})

import * as PgClient from "@effect/sql-pg/PgClient"
import type { Stores } from "@mooring/core"
import type { SqlStoresOptions } from "@mooring/storage-sql"
import { sqliteClient, sqliteStores } from "@mooring/storage-sqlite"
import { startPostgres } from "@mooring/test-postgres"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { postgresStores } from "../../src/index.ts"

/** A new database, and the ways to it. */
export interface TestDatabase extends AsyncDisposable {
  readonly stores: (keys: string, options?: SqlStoresOptions) => Layer.Layer<Stores, Error>
  readonly client: Layer.Layer<SqlClient, Error>
}

export const sqliteDatabase = async (): Promise<TestDatabase> => {
  const folder = await mkdtemp(join(tmpdir(), "mooring-sql-"))
  const file = join(folder, "data.sqlite")
  return {
    stores: (keys, options) => sqliteStores({ file, keys, ...options }),
    client: sqliteClient({ file }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

export const postgresDatabase = async (): Promise<TestDatabase> => {
  const server = await startPostgres()
  const url = await server.createDatabase()
  return {
    stores: (keys, options) => postgresStores({ url, keys, ...options }),
    client: PgClient.layer({ url: Redacted.make(url) }),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

export const databases = [
  ["SQLite", sqliteDatabase],
  ["PostgreSQL", postgresDatabase],
] as const

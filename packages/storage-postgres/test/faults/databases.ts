import type { Stores } from "@mooring/core"
import { sqliteStores } from "@mooring/storage-sqlite"
import { startPostgres } from "@mooring/test-postgres"
import type * as Layer from "effect/Layer"
import { query as querySqlite } from "../../../storage-sqlite/test/faults/query.ts"
import { temporaryFile } from "../../../storage-sqlite/test/faults/temporaryFile.ts"
import { postgresStores } from "../../src/index.ts"
import { query as queryPostgres } from "./query.ts"

/** A new database, and what a test does to it past the stores. */
export interface FaultDatabase extends AsyncDisposable {
  /** A path or a URL. */
  readonly location: string
  readonly stores: (keys: string | undefined) => Layer.Layer<Stores, Error>
  readonly query: (text: string) => Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
  /** All that somebody sees who has taken the database. */
  readonly takeAll: () => Promise<string>
}

const sqliteDatabase = async (): Promise<FaultDatabase> => {
  const { [Symbol.dispose]: dispose, file, takeAll } = temporaryFile()
  return {
    location: file,
    stores: (keys) => sqliteStores({ file, keys }),
    query: async (text) => querySqlite(file, text),
    takeAll: async () => takeAll(),
    [Symbol.asyncDispose]: async () => dispose(),
  }
}

const postgresDatabase = async (): Promise<FaultDatabase> => {
  const server = await startPostgres()
  const url = await server.createDatabase()
  return {
    location: url,
    stores: (keys) => postgresStores({ url, keys }),
    query: (text) => queryPostgres(url, text),
    takeAll: () => server.dump(url),
    [Symbol.asyncDispose]: server.close,
  }
}

export const databases = [
  ["SQLite", sqliteDatabase],
  ["PostgreSQL", postgresDatabase],
] as const

import type { Stores } from "@mooring/core"
import { postgresClient, postgresStores } from "@mooring/storage-postgres"
import { sqliteClient, sqliteStores } from "@mooring/storage-sqlite"
import type * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BenchContext } from "../Bench.ts"
import { shared } from "../sampling/shared.ts"
import { createPostgresDatabase } from "./createPostgresDatabase.ts"
import { distantAddress } from "./distantAddress.ts"

/** An empty database, and the ways to it. */
export interface Database {
  readonly stores: Layer.Layer<Stores, Error>
  readonly client: Layer.Layer<SqlClient, Error>
}

/** A kind of database that Mooring can be kept in. */
export interface DatabaseKind {
  readonly name: string
  readonly create: (context: BenchContext) => Promise<Database>
}

const keys = randomBytes(32).toString("hex")

const temporaryFolder = shared(async ({ resources, uses }) => {
  const folder = await mkdtemp(join(tmpdir(), "mooring-bench-"))
  resources.defer(() => rm(folder, { recursive: true }))
  uses(`SQLite ${process.versions.sqlite}`)
  return folder
})

const sqlite: DatabaseKind = {
  name: "SQLite",
  create: async (context) => {
    const file = join(await temporaryFolder(context), `${randomBytes(8).toString("hex")}.sqlite`)
    return { stores: sqliteStores({ file, keys }), client: sqliteClient({ file }) }
  },
}

const postgresAt = (
  name: string,
  addressOf: (context: BenchContext, url: string) => string | Promise<string>,
): DatabaseKind => ({
  name,
  create: async (context) => {
    const url = await addressOf(context, await createPostgresDatabase(context))
    return { stores: postgresStores({ url, keys }), client: postgresClient({ url }) }
  },
})

export const databaseKinds: ReadonlyArray<DatabaseKind> = [sqlite, postgresAt("PostgreSQL", (_, url) => url)]

/** For what is measured in round trips: over the loopback interface they take next to no time. */
export const distantPostgres: DatabaseKind = postgresAt("PostgreSQL, 1 ms away", distantAddress)

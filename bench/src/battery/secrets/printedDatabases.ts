import { postgresClient, postgresStores } from "@mooring/storage-postgres"
import { sqliteClient, sqliteStores } from "@mooring/storage-sqlite"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BenchContext } from "../../Bench.ts"
import { createPostgresDatabase } from "../../storage/createPostgresDatabase.ts"
import type { PrintedDatabase } from "./printEverything.ts"

/** In which every statement about servers and credentials fails from then on. */
const breakThrough = (client: Layer.Layer<SqlClient, Error>) => () =>
  SqlClient.use((sql) =>
    Effect.forEach(
      ["servers", "credentials"],
      (name) => sql`alter table ${sql(`mooring_${name}`)} rename to ${sql(`gone_${name}`)}`,
    ),
  ).pipe(Effect.provide(client), Effect.asVoid, Effect.runPromise)

/** A file, read byte for byte with its log. */
export const sqliteDatabase = async ({
  resources,
}: Pick<BenchContext, "resources">): Promise<PrintedDatabase> => {
  const folder = await mkdtemp(join(tmpdir(), "mooring-battery-"))
  resources.defer(() => rm(folder, { recursive: true }))
  const file = join(folder, "mooring.sqlite")
  return {
    stores: (keys) => sqliteStores({ file, keys }),
    dump: async () => Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name)))),
    breakIt: breakThrough(sqliteClient({ file })),
  }
}

/** Every row of every table. */
export const postgresDatabase = async (context: BenchContext): Promise<PrintedDatabase> => {
  const url = await createPostgresDatabase(context)
  const client = postgresClient({ url })
  return {
    stores: (keys) => postgresStores({ url, keys }),
    dump: () =>
      SqlClient.use((sql) =>
        Effect.gen(function* () {
          const tables = yield* sql<{ name: string }>`
            select tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`
          return yield* Effect.forEach(tables, ({ name }) =>
            Effect.map(sql`select * from ${sql(name)}`, (rows) =>
              JSON.stringify(rows, (_, value: unknown) =>
                typeof value === "bigint" ? String(value) : value,
              ),
            ),
          )
        }),
      ).pipe(Effect.provide(client), Effect.runPromise),
    breakIt: breakThrough(client),
  }
}

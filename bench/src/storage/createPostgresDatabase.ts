import { postgresClient } from "@mooring/storage-postgres"
import { startRestartablePostgres } from "@mooring/test-postgres"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { BenchContext } from "../Bench.ts"
import { shared } from "../sampling/shared.ts"

/** With the durability of production: without it every write would look better than it is. */
const postgresServer = shared(async ({ resources, uses }) => {
  const server = resources.use(await startRestartablePostgres())
  const url = await server.createDatabase()
  const [row] = await SqlClient.use((sql) => sql<{ server_version: string }>`show server_version`).pipe(
    Effect.provide(postgresClient({ url })),
    Effect.runPromise,
  )
  uses(`PostgreSQL ${row?.server_version}`)
  return server
})

/** The URL of an empty database. */
export const createPostgresDatabase = async (context: BenchContext): Promise<string> =>
  (await postgresServer(context)).createDatabase()

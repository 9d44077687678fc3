import { externalPostgres } from "./externalPostgres.ts"
import { embeddedPostgres } from "./embeddedPostgres.ts"
import { startCluster } from "./embedded/Cluster.ts"
import type { PostgresServer } from "./PostgresServer.ts"

/**
 * The server of `DATABASE_URL` when that is set to a postgres URL, an embedded one otherwise.
 *
 * The embedded one promises no durability (`fsync=off`); for that there is `startRestartablePostgres`.
 */
export const startPostgres = async (): Promise<PostgresServer> => {
  const url = process.env["DATABASE_URL"]
  if (url !== undefined && /^postgres(ql)?:/.test(url)) return externalPostgres(url)
  return embeddedPostgres(await startCluster({ durable: false }))
}

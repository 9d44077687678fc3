import { embeddedPostgres } from "./embeddedPostgres.ts"
import { startCluster } from "./embedded/Cluster.ts"
import type { RestartablePostgres } from "./RestartablePostgres.ts"

/** An embedded server always, whatever `DATABASE_URL` says. */
export const startRestartablePostgres = async (): Promise<RestartablePostgres> => {
  const cluster = await startCluster({ durable: true })
  const { pause, port, resume, start, stop } = cluster
  return { ...embeddedPostgres(cluster), pause, port, resume, start, stop }
}

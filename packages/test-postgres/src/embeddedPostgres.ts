import type { Cluster } from "./embedded/Cluster.ts"
import { filesHolding } from "./embedded/filesHolding.ts"
import type { PostgresServer } from "./PostgresServer.ts"
import { createDatabase } from "./sql/createDatabase.ts"
import { dump } from "./sql/dump.ts"
import { withClient } from "./sql/withClient.ts"

export const embeddedPostgres = (cluster: Cluster): PostgresServer => ({
  createDatabase: () => createDatabase(cluster.url),
  dump,
  filesHolding: async (bytes) => {
    // Until then what was written may be in the server's memory alone.
    if (cluster.answers()) await withClient(cluster.url, (client) => client.query("checkpoint"))
    return filesHolding(cluster.folder, bytes)
  },
  close: cluster.close,
  [Symbol.asyncDispose]: cluster.close,
})

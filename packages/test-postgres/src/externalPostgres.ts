import type { PostgresServer } from "./PostgresServer.ts"
import { createDatabase } from "./sql/createDatabase.ts"
import { dropDatabase } from "./sql/dropDatabase.ts"
import { dump } from "./sql/dump.ts"

/** A server that somebody else runs, in which the user of `url` may create databases. */
export const externalPostgres = (url: string): PostgresServer => {
  const databases = new Set<string>()
  const close = async () => {
    for (const database of databases) {
      await dropDatabase(url, database)
      databases.delete(database)
    }
  }
  return {
    createDatabase: async () => {
      const database = await createDatabase(url)
      databases.add(database)
      return database
    },
    dump,
    filesHolding: () => Promise.resolve(undefined),
    close,
    [Symbol.asyncDispose]: close,
  }
}

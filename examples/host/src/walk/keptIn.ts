import type { Database } from "../parseDatabaseUrl.ts"

/** Names where a host keeps its data, without the password; undefined where it does not outlive the host. */
export const keptIn = (database: Database): string | undefined => {
  if (database.type === "sqlite") return database.file === ":memory:" ? undefined : database.file
  const { host, pathname } = new URL(database.url)
  return `PostgreSQL, ${host}${pathname}`
}

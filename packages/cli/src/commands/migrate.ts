import { migrate as takeMigrations } from "@mooring/storage-sql"
import * as Effect from "effect/Effect"
import { parseDatabaseUrl } from "../database/Database.ts"
import { withDatabase } from "../database/withDatabase.ts"
import type { Settings } from "../Settings.ts"

/** `mooring migrate`: brings the tables up to this release. */
export const migrate = Effect.fnUntraced(function* ({
  databaseUrl,
}: Settings): Effect.fn.Return<string, Error> {
  const database = yield* Effect.fromResult(parseDatabaseUrl(databaseUrl))
  const taken = yield* withDatabase(database, takeMigrations)
  return taken.length === 0
    ? `Nothing to do: ${database.location} is up to date.`
    : [`${database.location} is up to date now. Taken:`, ...taken.map((name) => `  ${name}`)].join("\n")
})

import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { existsSync } from "node:fs"
import type { Database } from "./Database.ts"

/** There is no file where a SQLite database should be. */
export class DatabaseMissing extends Schema.TaggedError<DatabaseMissing>()("DatabaseMissing", {
  file: Schema.String,
}) {
  override get message() {
    return `There is no database at ${this.file}. Name the hosts' one by DATABASE_URL; a new one is made by "mooring migrate", or by a host at its start.`
  }
}

/** Fails where there is no file, which connecting would make. */
export const requireFile = (database: Database) =>
  Effect.suspend(() =>
    database.kind === "sqlite" && !existsSync(database.file)
      ? Effect.fail(new DatabaseMissing({ file: database.file }))
      : Effect.void,
  )

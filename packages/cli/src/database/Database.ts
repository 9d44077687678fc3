import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { resolve } from "node:path"
import { postgresLocation } from "./postgresLocation.ts"

/** The database that the commands are for. */
export type Database =
  | {
      readonly kind: "sqlite"
      /** The file's absolute path. */
      readonly file: string
      /** `sqlite:/path/to/file` */
      readonly location: string
    }
  | {
      readonly kind: "postgres"
      /** With the password. */
      readonly url: string
      /** `postgres://user@host:5432/database`: without the password, to be shown. */
      readonly location: string
    }

/** `DATABASE_URL` names no database. The message never holds any of it: a password could be anywhere in it. */
export class DatabaseUrlInvalid extends Schema.TaggedError<DatabaseUrlInvalid>()("DatabaseUrlInvalid", {
  problem: Schema.String,
}) {
  override get message() {
    return `DATABASE_URL ${this.problem}`
  }
}

/** The default of the example hosts. */
const defaultUrl = "sqlite:.mooring/data.sqlite"

/** Reads `DATABASE_URL`. */
export const parseDatabaseUrl = (text: string = defaultUrl): Result.Result<Database, DatabaseUrlInvalid> => {
  const refused = (problem: string) => Result.fail(new DatabaseUrlInvalid({ problem }))

  if (text.startsWith("sqlite:")) {
    const path = text.slice("sqlite:".length)
    // Three slashes are an absolute path to some programs, and a relative one to others.
    if (path === "" || path.startsWith("//") || path === ":memory:") {
      return refused("names no file of SQLite's. It looks like sqlite:path/to/file or sqlite:/absolute/path.")
    }
    const file = resolve(path)
    return Result.succeed({ kind: "sqlite", file, location: `sqlite:${file}` })
  }

  if (/^postgres(ql)?:/.test(text)) {
    const location = postgresLocation(text)
    return location === undefined
      ? refused(
          "cannot be read. It looks like postgres://user:password@host:5432/database, and in the password characters such as # / ? @ % are written as %23 %2F %3F %40 %25.",
        )
      : Result.succeed({ kind: "postgres", url: text, location })
  }

  return refused(
    "begins with neither postgres: nor sqlite:. It looks like postgres://user:password@host:5432/database or sqlite:path/to/file.",
  )
}

import * as Schema from "effect/Schema"
import { MigrationError } from "effect/sql/Migrator"
import { isSqlError, type SqlError } from "effect/sql/SqlError"

/** The database did not do what was asked of it. The message says what to do next. */
export class DatabaseFailure extends Schema.TaggedError<DatabaseFailure>()("DatabaseFailure", {
  /** Without the password. */
  location: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `${this.location}: ${this.problem}`
  }
}

/** Tells what went wrong in the database in the terms of whoever runs it; other errors speak for themselves. */
export const toDatabaseFailure =
  (location: string) =>
  (error: Error): Error => {
    if (isSqlError(error)) return new DatabaseFailure({ location, problem: problemOf(error) })
    if (error instanceof MigrationError) {
      const because = isSqlError(error.cause) ? ` ${problemOf(error.cause)}` : ""
      return new DatabaseFailure({ location, problem: `${error.message}; nothing was changed.${because}` })
    }
    return error
  }

const problemOf = ({ reason }: SqlError): string => {
  const { cause } = reason
  const advice = adviceByCode[codeOf(cause) ?? ""] ?? adviceByReason[reason._tag]
  // PostgreSQL's and SQLite's own words: the driver's are about itself.
  const said =
    cause instanceof Error && cause.message !== "" ? cause.message : (reason.message ?? reason._tag)
  return advice === undefined ? said : `${advice} (${said})`
}

const codeOf = (cause: unknown): string | undefined =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined

/** By code of Node's or by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const adviceByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there. Start PostgreSQL, or name another host and port in DATABASE_URL.",
  ENOENT: "nothing listens there. Start PostgreSQL, or name another host and port in DATABASE_URL.",
  ENOTFOUND: "there is no such host. Name another one in DATABASE_URL.",
  EAI_AGAIN:
    "the host's name cannot be looked up. Look at the network, or name another host in DATABASE_URL.",
  ECONNRESET: "the connection was cut. Try again, and look at the server's log when it persists.",
  "28P01": "the user or the password is wrong. Correct them in DATABASE_URL.",
  "28000": "the server does not let this user in from here. Look at its pg_hba.conf.",
  "3D000": "there is no such database. Create it, or name another one in DATABASE_URL.",
  "42501": "the user may not do that. Grant it the right, or name another user in DATABASE_URL.",
  "53300": "the server has no connection left. Try again, or raise its max_connections.",
  "57P03": "the server is starting or stopping. Try again.",
}

/** For what has no code of its own: a server that is silent, that is none of PostgreSQL's, or that speaks no TLS. */
const adviceByReason: Readonly<Record<string, string>> = {
  ConnectionError: "PostgreSQL cannot be reached. Look whether it runs there, and at DATABASE_URL.",
}

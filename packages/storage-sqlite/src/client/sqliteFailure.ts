import * as Predicate from "effect/Predicate"
import { classifySqliteError, SqlError, SqlSyntaxError } from "effect/sql/SqlError"

/** Result codes of SQLite that are told apart here (https://www.sqlite.org/rescode.html). */
export const ResultCode = {
  error: 1,
  permission: 3,
  busy: 5,
  readOnly: 8,
  corrupt: 11,
  cannotOpen: 14,
  notADatabase: 26,
  uniqueConstraint: 2067,
  primaryKeyConstraint: 1555,
  rowIdConstraint: 2579,
} as const

const uniqueConstraints: ReadonlySet<number> = new Set([
  ResultCode.uniqueConstraint,
  ResultCode.primaryKeyConstraint,
  ResultCode.rowIdConstraint,
])

const extendedCode = (cause: unknown): number | undefined =>
  Predicate.hasProperty(cause, "errcode") && typeof cause.errcode === "number" ? cause.errcode : undefined

/** The primary result code of what `node:sqlite` threw: the low byte of its extended one. */
export const resultCode = (cause: unknown): number | undefined => {
  const code = extendedCode(cause)
  return code === undefined ? undefined : code & 0xff
}

/** Where a statement failed. */
export type SqlOperation = "prepare" | "execute"

/** Makes an `SqlError` of what `node:sqlite` threw. Neither its message nor its cause holds a value. */
export const sqliteFailure = (thrown: unknown, operation: SqlOperation, hasValues: boolean): SqlError => {
  const cause = withoutValues(thrown, operation, hasValues)
  const code = extendedCode(cause)
  const message = messageOf(cause)
  if (operation === "prepare" && code === ResultCode.error) {
    return new SqlError({ reason: new SqlSyntaxError({ cause, message, operation }) })
  }
  // Effect looks for a number in `errno`, where node has `errcode`; and of the three kinds of uniqueness that SQLite
  // reports, it knows one, while a second row with a primary key is as much a UniqueViolation as in PostgreSQL.
  if (code !== undefined && cause instanceof Error) {
    Object.assign(cause, { errno: uniqueConstraints.has(code) ? ResultCode.uniqueConstraint : code })
  }
  return new SqlError({ reason: classifySqliteError(cause, { message, operation }) })
}

const messageOf = (cause: unknown): string | undefined => {
  if (resultCode(cause) === ResultCode.busy) {
    return "The database is locked by another process. Try again; when it persists, end the process that holds it in a transaction."
  }
  return cause instanceof Error ? cause.message : undefined
}

/**
 * Values may be secrets, and an error goes to a log. Two kinds of message quote them: that of a function which did
 * not understand its argument (`bad JSON path: '…'`), always with the general code 1, and node's own about an integer
 * that a JavaScript number cannot hold.
 */
const withoutValues = (thrown: unknown, operation: SqlOperation, hasValues: boolean): unknown => {
  if (Predicate.hasProperty(thrown, "code") && thrown.code === "ERR_OUT_OF_RANGE") {
    return new RangeError(
      "An integer in the result does not fit a JavaScript number. Provide SqlClient.SafeIntegers to read bigints.",
    )
  }
  if (operation === "execute" && hasValues && extendedCode(thrown) === ResultCode.error) {
    return Object.assign(new Error("SQL logic error, for example a function that rejects its argument"), {
      errcode: ResultCode.error,
    })
  }
  return thrown
}

/** Whether waiting may help: another process holds a lock. (SQLITE_LOCKED, 6, is a conflict within this one.) */
export const isBusy = (error: SqlError): boolean => resultCode(error.reason.cause) === ResultCode.busy

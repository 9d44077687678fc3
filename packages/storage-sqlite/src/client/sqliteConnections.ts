import * as Effect from "effect/Effect"
import { SafeIntegers } from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"
import { type Interruptibly, lockSchedule, retryWhileLocked } from "./retryWhileLocked.ts"
import { isBusy, sqliteFailure, type SqlOperation } from "./sqliteFailure.ts"
import { makeStatementCache } from "./StatementCache.ts"
import { toSqliteValues } from "./toSqliteValues.ts"

/** What of a prepared statement is wanted, and how it is run for that. */
interface Run<A> {
  readonly keep: boolean
  readonly asArrays: boolean
  readonly use: (statement: StatementSync, values: Array<SQLInputValue>) => A
}

const rows = (statement: StatementSync, values: Array<SQLInputValue>): ReadonlyArray<object> =>
  statement.all(...values)

const asValues = (
  statement: StatementSync,
  values: Array<SQLInputValue>,
): ReadonlyArray<ReadonlyArray<unknown>> =>
  // `setReturnArrays` makes arrays of rows, which node's types do not tell.
  statement.all(...values).map((row: unknown) => (Array.isArray(row) ? row : []))

/** How the one connection to a database is used: as it is, or by someone whose waits may be interrupted. */
export interface SqliteConnections {
  readonly connection: (interruptibly: Interruptibly) => Connection
  readonly isTransaction: () => boolean
}

/** Effect's `Connection` on a database that is open. */
export const sqliteConnections = (database: DatabaseSync, busyTimeoutMs: number): SqliteConnections => {
  const statements = makeStatementCache(database)
  const schedule = lockSchedule(busyTimeoutMs)

  const attempt = <A>(sql: string, params: ReadonlyArray<unknown>, bigints: boolean, run: Run<A>) =>
    Effect.suspend((): Effect.Effect<A, SqlError> => {
      let operation: SqlOperation = "prepare"
      try {
        const values = toSqliteValues(params)
        const statement = statements.prepare(sql, run)
        statement.setReadBigInts(bigints)
        returnArrays(statement, run.asArrays)
        operation = "execute"
        return Effect.succeed(run.use(statement, values))
      } catch (thrown) {
        return Effect.fail(sqliteFailure(thrown, operation, params.length > 0))
      }
    })

  // SQLite undid what a busy statement had done, so outside of a transaction any may be tried again. Inside of one,
  // waiting could be for a process that waits for this one, or for a snapshot that will never be the newest again:
  // it fails, and the transaction rolls back. COMMIT alone does nothing when it is busy, and leaves all as it is.
  const mayRetry = (sql: string) => (error: SqlError) =>
    isBusy(error) && (sql === "COMMIT" || !isTransactionOpen(database))

  const connection = (interruptibly: Interruptibly): Connection => {
    const execute = <A>(
      sql: string,
      params: ReadonlyArray<unknown>,
      run: Run<A>,
    ): Effect.Effect<A, SqlError> =>
      Effect.flatMap(SafeIntegers, (bigints) =>
        retryWhileLocked(attempt(sql, params, bigints, run), {
          schedule,
          mayRetry: mayRetry(sql),
          interruptibly,
        }),
      )
    const executeRows =
      (keep: boolean): Connection["execute"] =>
      (sql, params, transformRows) => {
        const found = execute(sql, params, { keep, asArrays: false, use: rows })
        return transformRows === undefined ? found : Effect.map(found, transformRows)
      }
    return {
      execute: executeRows(true),
      executeUnprepared: executeRows(false),
      executeRaw: (sql, params) =>
        execute(sql, params, {
          keep: true,
          asArrays: false,
          use: (statement, values) => statement.run(...values),
        }),
      // Read whole before the first row is handed on: an open cursor would keep its snapshot, and with it the
      // write-ahead log, for as long as the reader of the stream takes.
      executeStream: (sql, params, transformRows) =>
        Stream.fromIterableEffect(executeRows(true)(sql, params, transformRows)),
      executeValues: (sql, params) => execute(sql, params, { keep: true, asArrays: true, use: asValues }),
      executeValuesUnprepared: (sql, params) =>
        execute(sql, params, { keep: false, asArrays: true, use: asValues }),
    }
  }

  return { connection, isTransaction: () => isTransactionOpen(database) }
}

const returnArrays = (statement: StatementSync, enabled: boolean): void => {
  if ("setReturnArrays" in statement) {
    statement.setReturnArrays(enabled)
  } else if (enabled) {
    // An object has one value where two columns have one name, and another order where names look like numbers.
    throw new TypeError(
      "Rows as arrays of values need Node 22.16 or later. Read rows as objects, or update Node.",
    )
  }
}

/** Node tells it since 22.16; before, SQLite's refusal to begin a second transaction does. BEGIN alone takes no lock. */
const isTransactionOpen = (database: DatabaseSync): boolean => {
  if (typeof database.isTransaction === "boolean") return database.isTransaction
  try {
    database.exec("BEGIN")
  } catch (thrown) {
    return thrown instanceof Error && thrown.message.includes("within a transaction")
  }
  database.exec("ROLLBACK")
  return false
}

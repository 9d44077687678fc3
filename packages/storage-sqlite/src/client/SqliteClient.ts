import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import * as Statement from "effect/sql/Statement"
import { openDatabase } from "./openDatabase.ts"
import { sqliteConnections } from "./sqliteConnections.ts"
import type { SqliteOpenError } from "./SqliteOpenError.ts"

/** Which database, and how long to wait for it. */
export interface SqliteClientOptions {
  /** Path of the file. It is made where it does not exist, with its folders. `":memory:"` is a database in memory. */
  readonly file: string
  /**
   * How long a statement waits, in milliseconds, while another process holds the lock. Default: 5000. The wait does
   * not block the process; its other statements wait behind this one.
   */
  readonly busyTimeoutMs?: number | undefined
}

/**
 * Effect's `SqlClient` on `node:sqlite`: one connection, which statements and transactions use one after another.
 *
 * Other processes may use the same file at the same time. Rows are objects; integers are numbers, or bigints where
 * `SqlClient.SafeIntegers` is provided. `.raw` gives node's `{ changes, lastInsertRowid }`, and `.stream` reads all
 * rows before it gives the first.
 */
export const sqliteClient = (
  options: SqliteClientOptions,
): Layer.Layer<SqlClient.SqlClient, SqliteOpenError> =>
  Layer.effect(SqlClient.SqlClient, makeSqliteClient(options)).pipe(Layer.provide(Reactivity.layer))

const makeSqliteClient = Effect.fnUntraced(function* ({ file, busyTimeoutMs = 5_000 }: SqliteClientOptions) {
  const database = yield* openDatabase(file, busyTimeoutMs)
  const { connection, isTransaction } = sqliteConnections(database, busyTimeoutMs)
  const acquirers = SqlClient.makeSqliteAcquirers({
    connection: Effect.succeed(connection(identity)),
    semaphore: yield* Semaphore.make(1),
    isTransaction,
  })
  return yield* SqlClient.make({
    ...acquirers,
    // BEGIN runs in an uninterruptible region. Its wait for the lock should end with the fiber all the same, unless
    // the whole transaction must not be interrupted, as in a finalizer: so the connection brings along what `restore`
    // meant to whoever asked for it.
    transactionAcquirer: Effect.uninterruptibleMask((restore) =>
      Effect.as(restore(acquirers.transactionAcquirer), connection(restore)),
    ),
    compiler: Statement.makeCompilerSqlite(),
    driver: "node:sqlite",
    spanAttributes: [["db.system.name", "sqlite"]],
    // A transaction that begins with a read could find that it may not write any more.
    beginTransaction: "BEGIN IMMEDIATE",
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
  })
})

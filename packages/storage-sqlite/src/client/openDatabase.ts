import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import { chmodSync, realpathSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { hasErrorCode, makeDatabaseFile } from "./makeDatabaseFile.ts"
import { lockSchedule, retryWhileLocked } from "./retryWhileLocked.ts"
import { isBusy, resultCode, ResultCode, sqliteFailure } from "./sqliteFailure.ts"
import { SqliteOpenError } from "./SqliteOpenError.ts"

const memory = ":memory:"

/** How this connection works; https://www.sqlite.org/pragma.html has each of them. */
const settings = [
  // node:sqlite is synchronous: SQLite's own wait for a lock would stop everything else in the process.
  "PRAGMA busy_timeout = 0",
  // What was acknowledged survives a loss of power: every commit waits for the disk (with NORMAL, the last ones of a
  // write-ahead log may be gone), on macOS including the disk's own cache.
  "PRAGMA synchronous = FULL",
  "PRAGMA fullfsync = ON",
  "PRAGMA foreign_keys = ON",
  // Whoever could write to the file could have put calls of functions into its schema.
  "PRAGMA trusted_schema = OFF",
  // 16 MB instead of 2: the upper levels of the indexes of 100,000 servers stay in memory.
  "PRAGMA cache_size = -16000",
  // A long transaction leaves a long log; this is what is left of it afterwards.
  `PRAGMA journal_size_limit = ${16 * 1024 * 1024}`,
]

/** Opens a database for the length of the scope. Closing it moves the write-ahead log into the file. */
export const openDatabase = Effect.fnUntraced(function* (
  path: string,
  busyTimeoutMs: number,
): Effect.fn.Return<DatabaseSync, SqliteOpenError, Scope.Scope> {
  // Absolute, it is also never one of the `file:` URLs that SQLite would take options from.
  const file = path === memory ? memory : resolve(path)
  if (file !== memory) yield* makeDatabaseFile(file)

  const refused = (cause: unknown) => new SqliteOpenError({ file, problem: problemOf(cause), cause })
  const database = yield* Effect.acquireRelease(
    Effect.try({ try: () => new DatabaseSync(file), catch: refused }),
    (database) => Effect.sync(() => database.close()),
  )
  const schedule = lockSchedule(busyTimeoutMs)
  // None of these does anything when it fails: not even the switch to the write-ahead log, which is where processes
  // that open a new file at once meet.
  const ask = (sql: string) =>
    retryWhileLocked(
      Effect.try({
        try: () => Object.values(database.prepare(sql).get() ?? {})[0],
        catch: (thrown): SqlError => sqliteFailure(thrown, "execute", false),
      }),
      { schedule, mayRetry: isBusy, interruptibly: identity },
    ).pipe(Effect.mapError((error) => refused(error.reason.cause)))

  // The first look into the file: what is no database is left as it is.
  yield* ask("PRAGMA schema_version")
  if (file !== memory) {
    // Before the log is made: SQLite gives it, and the index of it, the modes of the file.
    yield* Effect.try({
      try: () => keepPrivate(file),
      catch: (cause) => new SqliteOpenError({ file, problem: "notPrivate", cause }),
    })
    const mode = yield* ask("PRAGMA journal_mode = WAL")
    if (mode !== "wal") {
      return yield* new SqliteOpenError({ file, problem: "noWriteAheadLog", cause: undefined })
    }
  }
  yield* Effect.forEach(settings, ask, { discard: true })
  return database
})

/** Takes the file, and what an earlier process left beside it, from other users. */
const keepPrivate = (file: string): void => {
  // SQLite names the other files after the one that a link leads to.
  const path = realpathSync(file)
  for (const part of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      if ((statSync(part).mode & 0o077) !== 0) chmodSync(part, 0o600)
    } catch (cause) {
      // The other two come and go.
      if (part === path || !hasErrorCode(cause, "ENOENT")) throw cause
    }
  }
}

const problemOf = (cause: unknown): SqliteOpenError["problem"] => {
  switch (resultCode(cause)) {
    case ResultCode.busy:
      return "locked"
    case ResultCode.corrupt:
      return "damaged"
    case ResultCode.notADatabase:
      return "notADatabase"
    case ResultCode.cannotOpen:
    case ResultCode.permission:
    case ResultCode.readOnly:
      return "notWritable"
    default:
      return "unknown"
  }
}

import * as Effect from "effect/Effect"
import { accessSync, closeSync, constants, mkdirSync, openSync, realpathSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { SqliteOpenError } from "./SqliteOpenError.ts"

/**
 * Makes the folders and the file where they do not exist yet, for the owner only, and checks that the file can be
 * used: SQLite would open for reading what cannot be written.
 */
export const makeDatabaseFile = Effect.fnUntraced(function* (file: string) {
  const step = <A>(problem: SqliteOpenError["problem"], act: () => A) =>
    Effect.try({ try: act, catch: (cause) => new SqliteOpenError({ file, problem, cause }) })

  yield* step("folderNotMade", () => mkdirSync(dirname(file), { recursive: true, mode: 0o700 }))
  yield* step("notWritable", () => createFile(file))
  // What is no regular file is not even opened: that of a pipe would wait for its other end.
  const found = yield* step("notAFile", () => statSync(file))
  if (!found.isFile()) return yield* new SqliteOpenError({ file, problem: "notAFile", cause: undefined })
  yield* step("notWritable", () => {
    accessSync(file, constants.R_OK | constants.W_OK)
    accessSync(dirname(realpathSync(file)), constants.W_OK | constants.X_OK)
  })
})

/**
 * SQLite itself would make a file that others can read. A file that exists is not opened here: to close it would
 * release the locks that another connection of this process may hold on it
 * (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
const createFile = (file: string): void => {
  try {
    closeSync(openSync(file, "wx", 0o600))
  } catch (cause) {
    if (!hasErrorCode(cause, "EEXIST")) throw cause
  }
}

/** Whether a call to the file system failed with this code. */
export const hasErrorCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && "code" in cause && cause.code === code

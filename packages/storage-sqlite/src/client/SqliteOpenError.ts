import * as Schema from "effect/Schema"

/** What to do about each problem; the file's path is put before it. */
const advice = {
  notAFile: "is not a file. Name a file, or one that does not exist yet: it will be made.",
  folderNotMade:
    "is in a folder that cannot be made. Name a file in a folder that this process may write to.",
  notWritable:
    "cannot be written. Give this process's user the right to read and write it and the folder it is in (SQLite keeps two more files beside it), or name another file.",
  notPrivate:
    "can be read by other users of this machine, and this process may not change that. Make it the property of this process's user, or run chmod 600 on it.",
  notADatabase: "is not an SQLite database. Name another file, or move this one away.",
  damaged: "is damaged. Restore it from a backup, or move it away to begin with an empty one.",
  locked:
    "is locked by another process. Try again; when it persists, end the process that holds it open in a transaction.",
  noWriteAheadLog:
    "is on a file system without the shared memory that SQLite's write-ahead log needs, as most network file systems are. Name a file on a local disk.",
  unknown: "could not be opened as an SQLite database.",
} as const

/** The database file could not be opened. The message says what to do next. */
export class SqliteOpenError extends Schema.TaggedError<SqliteOpenError>()("SqliteOpenError", {
  /** The path, absolute. */
  file: Schema.String,
  problem: Schema.Literals([
    "notAFile",
    "folderNotMade",
    "notWritable",
    "notPrivate",
    "notADatabase",
    "damaged",
    "locked",
    "noWriteAheadLog",
    "unknown",
  ]),
  cause: Schema.Defect(),
}) {
  override get message() {
    const because = this.cause instanceof Error ? ` (${this.cause.message})` : ""
    return `${JSON.stringify(this.file)} ${advice[this.problem]}${because}`
  }
}

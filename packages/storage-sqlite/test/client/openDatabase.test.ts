import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { connect } from "./connect.ts"
import { temporaryFile, temporaryFolder } from "./temporaryFolder.ts"

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
const windows = process.platform === "win32"
const root = process.getuid?.() === 0

describe("a file", () => {
  it.effect("is made with its folders and is for its owner only, as what SQLite puts beside it", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "a", "b", "mooring.db")
      const sql = yield* connect({ file })
      yield* sql`CREATE TABLE things (a)`
      const modes = [file, `${file}-wal`, `${file}-shm`, dirname(file), dirname(dirname(file))].map(mode)
      if (!windows) expect(modes).toStrictEqual(["600", "600", "600", "700", "700"])
    }),
  )

  it.effect.skipIf(windows)("that others could read is taken from them", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const link = join(dirname(file), "link.db")
      const earlier = new DatabaseSync(file)
      earlier.exec("PRAGMA journal_mode = WAL; CREATE TABLE things (a)")
      symlinkSync(file, link)
      for (const part of [file, `${file}-wal`, `${file}-shm`]) chmodSync(part, 0o644)
      const sql = yield* connect({ file: link })
      expect(yield* sql`SELECT * FROM things`).toStrictEqual([])
      expect([file, `${file}-wal`, `${file}-shm`].map(mode)).toStrictEqual(["600", "600", "600"])
      earlier.close()
    }),
  )

  it.effect.skipIf(windows)("may have a name that SQLite would read as a URL with options", () =>
    Effect.gen(function* () {
      const before = process.cwd()
      process.chdir(yield* temporaryFolder)
      yield* Effect.addFinalizer(() => Effect.sync(() => process.chdir(before)))
      const file = "file:a%20b?mode=memory"
      yield* Effect.scoped(Effect.flatMap(connect({ file }), (sql) => sql`CREATE TABLE things (a)`))
      const sql = yield* connect({ file })
      expect(yield* sql`SELECT * FROM things`).toStrictEqual([])
    }),
  )

  it.effect("holds everything once it is closed", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      yield* Effect.scoped(
        Effect.gen(function* () {
          const sql = yield* connect({ file })
          yield* sql`CREATE TABLE things (a)`
          yield* sql`INSERT INTO things VALUES (${"kept"})`
          expect(existsSync(`${file}-wal`)).toBe(true)
        }),
      )
      expect(readdirSync(dirname(file))).toStrictEqual(["mooring.db"])
      const sql = yield* connect({ file })
      expect(yield* sql`SELECT a FROM things`).toMatchObject([{ a: "kept" }])
    }),
  )

  it.effect("is used with the settings that keep it safe", () =>
    Effect.gen(function* () {
      const sql = yield* connect({ file: yield* temporaryFile })
      const setting = (name: string) =>
        Effect.map(sql.unsafe(`PRAGMA ${name}`), ([row]) => Object.values(row ?? {})[0])
      expect(yield* setting("journal_mode")).toBe("wal")
      expect(yield* setting("synchronous")).toBe(2)
      expect(yield* setting("fullfsync")).toBe(1)
      expect(yield* setting("foreign_keys")).toBe(1)
      expect(yield* setting("trusted_schema")).toBe(0)
      expect(yield* setting("busy_timeout")).toBe(0)
      expect(yield* setting("journal_size_limit")).toBe(16 * 1024 * 1024)
    }),
  )
})

describe("what cannot be opened says what to do", () => {
  const refused = (file: string) => Effect.flip(Effect.scoped(connect({ file })))

  it.effect("a folder", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const error = yield* refused(folder)
      expect(error).toMatchObject({ _tag: "SqliteOpenError", problem: "notAFile", file: folder })
      expect(error.message).toMatch(/is not a file\. Name a file/)
    }),
  )

  it.effect("a text file, which is left as it is", () =>
    Effect.gen(function* () {
      for (const text of ["hello", "hello\n".repeat(1000)]) {
        const file = yield* temporaryFile
        writeFileSync(file, text, { mode: 0o644 })
        const error = yield* refused(file)
        expect(error).toMatchObject({ _tag: "SqliteOpenError", problem: "notADatabase" })
        expect(error.message).toMatch(/is not an SQLite database\. Name another file/)
        expect(readFileSync(file, "utf8")).toBe(text)
        expect(readdirSync(dirname(file))).toStrictEqual(["mooring.db"])
        if (!windows) expect(mode(file)).toBe("644")
      }
    }),
  )

  it.effect("a damaged database", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const earlier = new DatabaseSync(file)
      earlier.exec("CREATE TABLE things (a)")
      earlier.close()
      const bytes = readFileSync(file)
      bytes.fill(0xff, 100, 200)
      writeFileSync(file, bytes)
      const error = yield* refused(file)
      expect(error).toMatchObject({ _tag: "SqliteOpenError", problem: "damaged" })
      expect(error.message).toContain("backup")
    }),
  )

  it.effect("a folder that would have to be where a file is", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      writeFileSync(file, "")
      const error = yield* refused(join(file, "mooring.db"))
      expect(error).toMatchObject({ _tag: "SqliteOpenError", problem: "folderNotMade" })
      expect(error.message).toMatch(/folder that cannot be made.*\((ENOTDIR|EEXIST)/)
    }),
  )

  it.effect.skipIf(windows)("a link that leads nowhere", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      symlinkSync(`${file}.gone`, file)
      expect(yield* refused(file)).toMatchObject({ _tag: "SqliteOpenError", problem: "notAFile" })
      expect(existsSync(`${file}.gone`)).toBe(false)
    }),
  )

  // Root may write everywhere.
  it.effect.skipIf(windows || root)("a folder that cannot be written, and a file", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "closed")
      const file = join(folder, "mooring.db")
      mkdirSync(folder)
      yield* Effect.addFinalizer(() => Effect.sync(() => chmodSync(folder, 0o700)))
      chmodSync(folder, 0o500)
      expect(yield* refused(file)).toMatchObject({ _tag: "SqliteOpenError", problem: "notWritable" })

      chmodSync(folder, 0o700)
      yield* Effect.scoped(connect({ file }))
      chmodSync(folder, 0o500)
      expect(yield* refused(file)).toMatchObject({ _tag: "SqliteOpenError", problem: "notWritable" })

      chmodSync(folder, 0o700)
      chmodSync(file, 0o400)
      const error = yield* refused(file)
      expect(error).toMatchObject({ _tag: "SqliteOpenError", problem: "notWritable" })
      expect(error.message).toMatch(/cannot be written\. Give this process's user the right/)
    }),
  )
})

import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { isSqlError } from "effect/sql/SqlError"
import { connect } from "./connect.ts"
import { startOtherProcess } from "./startOtherProcess.ts"
import { temporaryFile } from "./temporaryFolder.ts"

it.live("two processes write hundreds of transactions each: nothing is lost and nothing is damaged", () =>
  Effect.gen(function* () {
    const file = yield* temporaryFile
    const sql = yield* connect({ file })
    yield* sql`CREATE TABLE entries (name TEXT, round INTEGER, text TEXT, PRIMARY KEY (name, round))`
    yield* sql`CREATE TABLE total (value INTEGER)`
    yield* sql`INSERT INTO total VALUES (0)`

    const processes = yield* Effect.forEach(["one", "two"], (name) => startOtherProcess("write", file, name))
    yield* Effect.forEach(processes, ({ hear }) => hear("ready"))
    yield* Effect.forEach(processes, ({ tell }) => tell)
    yield* Effect.forEach(processes, ({ hear }) => hear("done"))

    expect(yield* sql`SELECT value FROM total`).toMatchObject([{ value: 600 }])
    expect(
      yield* sql`SELECT name, count(*) AS count, sum(length(text)) AS length FROM entries GROUP BY name`,
    ).toMatchObject([
      { name: "one", count: 300, length: 448_500 },
      { name: "two", count: 300, length: 448_500 },
    ])
    expect(yield* sql`PRAGMA integrity_check`).toMatchObject([{ integrity_check: "ok" }])
  }),
)

it.live("a process that keeps the lock gives the other one an error, and does not stop it", () =>
  Effect.gen(function* () {
    const file = yield* temporaryFile
    const sql = yield* connect({ file, busyTimeoutMs: 500 })
    yield* sql`CREATE TABLE items (name TEXT)`
    const holder = yield* startOtherProcess("hold", file)
    yield* holder.hear("ready")
    yield* holder.tell
    yield* holder.hear("holding")

    let ticks = 0
    const timer = setInterval(() => ticks++, 10)
    const error = yield* Effect.flip(sql.withTransaction(sql`INSERT INTO items VALUES ('early')`))
    clearInterval(timer)
    expect(isSqlError(error) && error.reason._tag).toBe("LockTimeoutError")
    expect(ticks).toBeGreaterThan(10)
    expect(yield* sql`SELECT * FROM items`).toStrictEqual([])

    yield* holder.tell
    yield* holder.hear("done")
    yield* sql.withTransaction(sql`INSERT INTO items VALUES ('late')`)
  }),
)

it.live("ten processes open a new file at once", () =>
  Effect.gen(function* () {
    const file = yield* temporaryFile
    const names = Array.from({ length: 10 }, (_, index) => String(index))
    const processes = yield* Effect.forEach(names, (name) => startOtherProcess("open", file, name))
    yield* Effect.forEach(processes, ({ hear }) => hear("ready"))
    yield* Effect.forEach(processes, ({ tell }) => tell)
    yield* Effect.forEach(processes, ({ hear }) => hear("done"))

    const sql = yield* connect({ file })
    const opened = yield* sql<{ name: string }>`SELECT name FROM opened ORDER BY name`
    expect(opened.map(({ name }) => name)).toStrictEqual(names)
    expect(yield* sql`PRAGMA integrity_check`).toMatchObject([{ integrity_check: "ok" }])
  }),
)

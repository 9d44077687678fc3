import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import { BeginTransaction, SqlClient } from "effect/sql/SqlClient"
import { isSqlError } from "effect/sql/SqlError"
import { dataVersion } from "../../src/client/dataVersion.ts"
import { connect, connectPlainly } from "./connect.ts"
import { temporaryFile } from "./temporaryFolder.ts"

// The other connection is in the same process here, where each step can be told to it; SQLite treats it like that of
// another process. Time is real: what is waited for is the file.

/** Longer than a test may take: what ends before has not waited for it. */
const forever = 600_000

/** A client and a second connection to a file with one table. */
const twoConnections = (busyTimeoutMs: number) =>
  Effect.gen(function* () {
    const file = yield* temporaryFile
    const sql = yield* connect({ file, busyTimeoutMs })
    yield* sql`CREATE TABLE items (name TEXT)`
    const other = yield* connectPlainly(file)
    const names = Effect.map(sql<{ name: string }>`SELECT name FROM items`, (rows) =>
      rows.map(({ name }) => name),
    )
    return { sql, other, names, add: (name: string) => sql`INSERT INTO items VALUES (${name})` }
  })

const started = { startImmediately: true } as const

describe("while another connection holds the lock", () => {
  it.live("statements and transactions wait, and go on when it is free", () =>
    Effect.gen(function* () {
      const { add, names, other, sql } = yield* twoConnections(forever)
      for (const write of [add("one"), sql.withTransaction(add("two"))]) {
        other.exec("BEGIN IMMEDIATE")
        const waiting = yield* Effect.forkChild(write, started)
        expect(waiting.pollUnsafe()).toBeUndefined()
        other.exec("COMMIT")
        yield* Fiber.join(waiting)
      }
      expect(yield* names).toStrictEqual(["one", "two"])
    }),
  )

  it.live("reading goes on", () =>
    Effect.gen(function* () {
      const { names, other } = yield* twoConnections(forever)
      other.exec("BEGIN IMMEDIATE; INSERT INTO items VALUES ('unseen')")
      expect(yield* names).toStrictEqual([])
    }),
  )

  it.live("the wait ends at the deadline, and blocks nothing else", () =>
    Effect.gen(function* () {
      const { add, names, other, sql } = yield* twoConnections(300)
      other.exec("BEGIN IMMEDIATE")
      for (const write of [add("one"), sql.withTransaction(add("two"))]) {
        let ticks = 0
        const timer = setInterval(() => ticks++, 10)
        const before = performance.now()
        const error = yield* Effect.flip(write)
        clearInterval(timer)
        expect(isSqlError(error) && error.reason._tag).toBe("LockTimeoutError")
        expect(error.message).toContain("locked by another process")
        expect(performance.now() - before).toBeGreaterThanOrEqual(300)
        expect(ticks).toBeGreaterThan(5)
      }
      other.exec("COMMIT")
      yield* add("three")
      expect(yield* names).toStrictEqual(["three"])
    }),
  )

  it.live("who is interrupted stops waiting, and leaves the connection free", () =>
    Effect.gen(function* () {
      const { add, names, other, sql } = yield* twoConnections(forever)
      for (const write of [add("one"), sql.withTransaction(add("two"))]) {
        other.exec("BEGIN IMMEDIATE")
        const waiting = yield* Effect.forkChild(write, started)
        yield* Fiber.interrupt(waiting)
        other.exec("COMMIT")
        // A lock kept by mistake would let neither write.
        other.exec("INSERT INTO items VALUES ('other')")
        yield* add("mine")
      }
      expect(yield* names).toStrictEqual(["other", "mine", "other", "mine"])
    }),
  )

  it.live("who must not be interrupted, as in a finalizer, goes on waiting", () =>
    Effect.gen(function* () {
      const { add, names, other, sql } = yield* twoConnections(forever)
      other.exec("BEGIN IMMEDIATE")
      const closing = yield* Effect.forkChild(
        Effect.onInterrupt(Effect.never, () => Effect.orDie(sql.withTransaction(add("last words")))),
        started,
      )
      const interrupting = yield* Effect.forkChild(Fiber.interrupt(closing), started)
      expect(closing.pollUnsafe()).toBeUndefined()
      other.exec("COMMIT")
      yield* Fiber.join(interrupting)
      expect(yield* names).toStrictEqual(["last words"])
    }),
  )

  it.live("a transaction of an old snapshot fails at once instead of waiting for what will not come", () =>
    Effect.gen(function* () {
      const { add, names, other, sql } = yield* twoConnections(forever)
      const upgrade = sql.withTransaction(
        Effect.gen(function* () {
          yield* names
          other.exec("INSERT INTO items VALUES ('newer')")
          yield* add("older")
        }),
      )
      const error = yield* Effect.flip(Effect.provideService(upgrade, BeginTransaction, "BEGIN"))
      expect(error.reason._tag).toBe("LockTimeoutError")
      expect(yield* names).toStrictEqual(["newer"])
    }),
  )

  it.live("a COMMIT that must wait for readers is tried again", () =>
    Effect.gen(function* () {
      const file = yield* temporaryFile
      const sql = yield* connect({ file, busyTimeoutMs: forever })
      yield* sql`CREATE TABLE items (name TEXT)`
      // With the write-ahead log readers are in nobody's way; what COMMIT does is the same without.
      expect(yield* sql`PRAGMA journal_mode = DELETE`).toMatchObject([{ journal_mode: "delete" }])
      const reader = yield* connectPlainly(file)
      const witness = yield* connectPlainly(file)
      reader.exec("BEGIN; SELECT * FROM items")

      const written = yield* Deferred.make<void>()
      const writing = yield* Effect.forkChild(
        sql.withTransaction(
          Effect.andThen(sql`INSERT INTO items VALUES ('late')`, Deferred.succeed(written, undefined)),
        ),
      )
      yield* Deferred.await(written)
      // A COMMIT that waits for its readers lets no new ones in.
      yield* Effect.retry(
        Effect.suspend(() => {
          try {
            witness.prepare("SELECT * FROM items").all()
            return Effect.fail("not yet")
          } catch {
            return Effect.void
          }
        }),
        Schedule.spaced("5 millis").pipe(Schedule.upTo({ duration: "20 seconds" })),
      )
      expect(writing.pollUnsafe()).toBeUndefined()
      reader.exec("COMMIT")
      yield* Fiber.join(writing)
      expect(witness.prepare("SELECT name FROM items").all()).toMatchObject([{ name: "late" }])
    }),
  )
})

it.live("the version of the data changes when another connection commits, and not by one's own changes", () =>
  Effect.gen(function* () {
    const { add, other, sql } = yield* twoConnections(forever)
    const version = Effect.provideService(dataVersion, SqlClient, sql)
    const first = yield* version
    yield* add("mine")
    yield* sql.withTransaction(add("mine too"))
    expect(yield* version).toBe(first)
    other.exec("BEGIN IMMEDIATE; INSERT INTO items VALUES ('theirs')")
    expect(yield* version).toBe(first)
    other.exec("COMMIT")
    const second = yield* version
    expect(second).not.toBe(first)
    expect(yield* version).toBe(second)
  }),
)

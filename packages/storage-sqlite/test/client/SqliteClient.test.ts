import { expect, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { SafeIntegers, SqlClient } from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import { DatabaseSync } from "node:sqlite"
import { sqliteClient } from "../../src/client/SqliteClient.ts"
import { connect } from "./connect.ts"
import { temporaryFile } from "./temporaryFolder.ts"

/** Rows of `node:sqlite` have no prototype; their content is what counts. */
const plain = (rows: ReadonlyArray<object>) => rows.map((row) => ({ ...row }))

layer(sqliteClient({ file: ":memory:" }))("values", (it) => {
  it.effect("come back as they were", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE things (a, b, c, d, e, f, g)`
      yield* sql`INSERT INTO things ${sql.insert({
        a: "é\u{10348}\n",
        b: 5,
        c: 1.5,
        d: -(2n ** 40n),
        e: new Uint8Array(Buffer.from("abcdef")).subarray(1, 3),
        f: new Uint8Array(),
        g: null,
      })}`
      expect(plain(yield* sql`SELECT * FROM things`)).toStrictEqual([
        {
          a: "é\u{10348}\n",
          b: 5,
          c: 1.5,
          d: -(2 ** 40),
          e: new Uint8Array([98, 99]),
          f: new Uint8Array(),
          g: null,
        },
      ])
    }),
  )

  it.effect("booleans are 0 and 1, whole numbers are integers", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const rows =
        yield* sql`SELECT ${true} AS yes, ${false} AS no, typeof(${5}) AS type, 'v' || ${5} AS text`
      expect(plain(rows)).toStrictEqual([{ yes: 1, no: 0, type: "integer", text: "v5" }])
    }),
  )

  it.effect("that SQLite cannot hold are refused without being quoted", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const refused = [
        undefined,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        2n ** 63n,
        new Date("2026-01-01"),
        { secret: "hunter2" },
        ["hunter2"],
        Symbol("hunter2"),
        "hunter2\0",
      ]
      for (const value of refused) {
        const error = yield* Effect.flip(sql.unsafe("SELECT ? AS one, ? AS two", [1, value]))
        expect(error.message).toMatch(/^Parameter 2 is /)
        expect(JSON.stringify(error) + error.message).not.toMatch(/hunter2|2026/)
      }
    }),
  )

  it.effect("larger than a number are read as bigints when asked for, and refused otherwise", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const large = 2n ** 62n
      const read = sql`SELECT ${large} AS large, 1 AS small`
      expect(plain(yield* Effect.provideService(read, SafeIntegers, true))).toStrictEqual([
        { large, small: 1n },
      ])
      const error = yield* Effect.flip(read)
      expect(error.message).toContain("SafeIntegers")
      expect(`${error.message} ${String(error.reason.cause)}`).not.toContain(String(large))
      // The statement is the same one, from the cache: it forgets what it was last asked for.
      expect(plain(yield* sql`SELECT ${1} AS large, 1 AS small`)).toStrictEqual([{ large: 1, small: 1 }])
    }),
  )

  it.effect("come as arrays, as a stream and as a count too", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const pair = sql`SELECT ${1} AS same, ${2} AS same UNION ALL SELECT 3, 4`
      if ("setReturnArrays" in new DatabaseSync(":memory:").prepare("SELECT 1")) {
        expect(yield* pair.values).toStrictEqual([
          [1, 2],
          [3, 4],
        ])
      } else {
        expect((yield* Effect.flip(pair.values)).message).toContain("need Node 22.16")
      }
      expect(plain(yield* pair)).toStrictEqual([{ same: 2 }, { same: 4 }])
      expect(plain(yield* Stream.runCollect(pair.stream))).toStrictEqual([{ same: 2 }, { same: 4 }])
      yield* sql`CREATE TABLE counted (n)`
      expect(yield* sql`INSERT INTO counted VALUES (1), (2)`.raw).toMatchObject({ changes: 2 })
    }),
  )
})

layer(sqliteClient({ file: ":memory:" }))("errors", (it) => {
  it.effect("of uniqueness name the columns, for primary keys as well", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE named (id TEXT PRIMARY KEY, org TEXT, name TEXT, age INT CHECK (age < 200), UNIQUE (org, name))`
      yield* sql`INSERT INTO named VALUES ('1', 'hunter', 'two', 1)`
      const insert = (id: string, name: string, age: number) =>
        Effect.flip(sql`INSERT INTO named ${sql.insert({ id, org: "hunter", name, age })}`)

      expect((yield* insert("2", "two", 1)).reason).toMatchObject({
        _tag: "UniqueViolation",
        constraint: "named.org, named.name",
      })
      expect((yield* insert("1", "three", 1)).reason).toMatchObject({
        _tag: "UniqueViolation",
        constraint: "named.id",
      })
      expect((yield* insert("3", "three", 999)).reason._tag).toBe("ConstraintError")
    }),
  )

  it.effect("never hold a value", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      // SQLite's own message quotes the path.
      const error = yield* Effect.flip(sql`SELECT json_extract('{}', ${"hunter2["})`)
      expect(`${error.message} ${String(error.reason.cause)} ${JSON.stringify(error)}`).not.toContain(
        "hunter2",
      )
    }),
  )

  it.effect("of SQL that cannot be prepared are told from others", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const failing = (text: string) => Effect.map(Effect.flip(sql.unsafe(text)), (error) => error)
      expect((yield* failing("SELEC 1")).reason._tag).toBe("SqlSyntaxError")
      expect((yield* failing("SELECT * FROM nowhere")).message).toBe("no such table: nowhere")
      expect((yield* failing("-- nothing\n /* at ; all */ ;")).message).toContain("no statement")
      expect((yield* failing("SELECT 1; SELECT 2")).message).toContain("more than one statement")
      expect(yield* sql.unsafe("/* before */ SELECT 1; -- after\n ; /* and after")).toHaveLength(1)
    }),
  )
})

layer(sqliteClient({ file: ":memory:" }))("transactions", (it) => {
  const names = (sql: SqlClient) =>
    Effect.map(sql<{ name: string }>`SELECT name FROM items ORDER BY name`, (rows) =>
      rows.map(({ name }) => name),
    )

  it.effect("roll back when they fail, and only to the savepoint when a nested one fails", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE items (name TEXT PRIMARY KEY)`
      const add = (name: string) => sql`INSERT INTO items VALUES (${name})`

      const failed = yield* Effect.flip(sql.withTransaction(Effect.andThen(add("lost"), Effect.fail("no"))))
      expect(failed).toBe("no")
      expect(yield* names(sql)).toStrictEqual([])

      yield* sql.withTransaction(
        Effect.gen(function* () {
          yield* add("outer")
          yield* Effect.ignore(sql.withTransaction(Effect.andThen(add("inner"), Effect.fail("no"))))
          yield* sql.withTransaction(add("second"))
        }),
      )
      expect(yield* names(sql)).toStrictEqual(["outer", "second"])
    }),
  )

  it.effect("that SQLite has already rolled back end with their own error", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE strict (name TEXT UNIQUE ON CONFLICT ROLLBACK)`
      const twice = sql.withTransaction(
        Effect.andThen(sql`INSERT INTO strict VALUES ('a')`, sql`INSERT INTO strict VALUES ('a')`),
      )
      // Without a look at whether there still is a transaction, the ROLLBACK would fail and be a defect.
      expect((yield* Effect.flip(twice)).reason._tag).toBe("UniqueViolation")
      expect(yield* sql`SELECT * FROM strict`).toStrictEqual([])
    }),
  )

  it.effect("whose COMMIT fails leave the connection usable", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE parents (id INTEGER PRIMARY KEY)`
      yield* sql`CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)`
      const error = yield* Effect.flip(sql.withTransaction(sql`INSERT INTO children VALUES (1)`))
      expect(error.reason._tag).toBe("ConstraintError")
      yield* sql.withTransaction(sql`INSERT INTO parents VALUES (1)`)
      expect(yield* sql`SELECT * FROM children`).toStrictEqual([])
    }),
  )

  it.effect("of several fibers come one after another", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE total (value INTEGER)`
      yield* sql`INSERT INTO total VALUES (0)`
      const increment = sql.withTransaction(
        Effect.gen(function* () {
          const [row] = yield* sql<{ value: number }>`SELECT value FROM total`
          yield* Effect.yieldNow
          yield* sql`UPDATE total SET value = ${(row?.value ?? 0) + 1}`
        }),
      )
      yield* Effect.all(
        Array.from({ length: 50 }, () => increment),
        { concurrency: "unbounded" },
      )
      expect(plain(yield* sql`SELECT value FROM total`)).toStrictEqual([{ value: 50 }])
    }),
  )

  it.effect("that are interrupted roll back", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      yield* sql`CREATE TABLE interrupted (name TEXT)`
      const fiber = yield* Effect.forkChild(
        sql.withTransaction(Effect.andThen(sql`INSERT INTO interrupted VALUES ('a')`, Effect.never)),
        { startImmediately: true },
      )
      yield* Fiber.interrupt(fiber)
      expect(yield* sql`SELECT * FROM interrupted`).toStrictEqual([])
    }),
  )
})

it.effect("statements see the columns of a changed schema at once", () =>
  Effect.gen(function* () {
    const sql = yield* connect({ file: yield* temporaryFile })
    const all = sql`SELECT * FROM shapes`
    yield* sql`CREATE TABLE shapes (a)`
    yield* sql`INSERT INTO shapes VALUES (1)`
    expect(plain(yield* all)).toStrictEqual([{ a: 1 }])
    yield* sql`ALTER TABLE shapes ADD COLUMN b DEFAULT 2`
    expect(plain(yield* all)).toStrictEqual([{ a: 1, b: 2 }])
    const undone = sql.withTransaction(
      Effect.gen(function* () {
        yield* sql`ALTER TABLE shapes DROP COLUMN b`
        expect(plain(yield* all)).toStrictEqual([{ a: 1 }])
        return yield* Effect.fail("no")
      }),
    )
    expect(Exit.isFailure(yield* Effect.exit(undone))).toBe(true)
    expect(plain(yield* all)).toStrictEqual([{ a: 1, b: 2 }])
  }),
)

it.effect("a thousand different statements do not keep a thousand prepared", () =>
  Effect.gen(function* () {
    const prepared: Array<string> = []
    const original = DatabaseSync.prototype.prepare
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        DatabaseSync.prototype.prepare = function (text, ...rest) {
          prepared.push(text)
          return original.call(this, text, ...rest)
        }
      }),
      () => Effect.sync(() => void (DatabaseSync.prototype.prepare = original)),
    )
    const sql = yield* connect({ file: ":memory:" })
    const often = "SELECT 'often'"
    for (let index = 0; index < 1_000; index++) {
      yield* sql.unsafe(`SELECT ${index}`)
      yield* sql.unsafe(often)
    }
    yield* sql.unsafe("SELECT 999")
    yield* sql.unsafe("SELECT 0")
    expect(prepared.filter((text) => text === often)).toHaveLength(1)
    expect(prepared.filter((text) => text === "SELECT 999")).toHaveLength(1)
    expect(prepared.filter((text) => text === "SELECT 0")).toHaveLength(2)
  }),
)

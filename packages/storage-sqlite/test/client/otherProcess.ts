import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { createInterface } from "node:readline"
import { sqliteClient } from "../../src/client/SqliteClient.ts"

// A process of its own: otherProcess.ts <task> <file> <name>. It says "ready" when it is loaded, waits for a line,
// does its task and says "done".

const [task = "", file = "", name = ""] = process.argv.slice(2)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (line: string) => Effect.sync(() => void process.stdout.write(`${line}\n`))
const told = Effect.promise(() => lines.next())

const rounds = 300

const tasks: Record<string, (sql: SqlClient) => Effect.Effect<unknown, unknown>> = {
  /** Opens a file that may not exist yet. */
  open: (sql) =>
    Effect.gen(function* () {
      yield* sql`CREATE TABLE IF NOT EXISTS opened (name TEXT)`
      yield* sql`INSERT INTO opened VALUES (${name})`
    }),

  /** Reads a sum, writes it with one added, and checks in between what it alone has written. */
  write: (sql) =>
    Effect.gen(function* () {
      for (let round = 0; round < rounds; round++) {
        const [mine] = yield* sql<{
          count: number
        }>`SELECT count(*) AS count FROM entries WHERE name = ${name}`
        if (mine?.count !== round) return yield* Effect.fail(`round ${round}, but ${mine?.count} entries`)
        yield* sql.withTransaction(
          Effect.gen(function* () {
            const [total] = yield* sql<{ value: number }>`SELECT value FROM total`
            yield* sql`INSERT INTO entries ${sql.insert({ name, round, text: "x".repeat(round * 10) })}`
            yield* sql`UPDATE total SET value = ${(total?.value ?? 0) + 1}`
          }),
        )
      }
    }),

  /** Holds the lock until it is told to let go. */
  hold: (sql) => sql.withTransaction(Effect.andThen(say("holding"), told)),
}

const program = Effect.gen(function* () {
  yield* say("ready")
  yield* told
  yield* Effect.provide(
    Effect.flatMap(SqlClient, (sql) => tasks[task]?.(sql) ?? Effect.fail(`no task ${task}`)),
    sqliteClient({ file, busyTimeoutMs: 30_000 }),
  )
  yield* say("done")
})

await Effect.runPromise(program)
process.stdin.destroy()

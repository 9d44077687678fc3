import { SecretCipher, SignalHub } from "@mooring/core"
import { checkKeys, layerSqlStores } from "@mooring/storage-sql"
import { type PostgresServer, startPostgres } from "@mooring/test-postgres"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { SqlClient } from "effect/sql/SqlClient"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createServer } from "../../storage-sql/test/scale/createServer.ts"
import { explain } from "../../storage-sql/test/scale/explain.ts"
import { fillDatabase } from "../../storage-sql/test/scale/fillDatabase.ts"
import { issuedBy } from "../../storage-sql/test/scale/issuedBy.ts"
import { storeCalls } from "../../storage-sql/test/scale/storeCalls.ts"
import { postgresClient } from "../src/index.ts"

const openDatabase = (url: string) =>
  ManagedRuntime.make(
    layerSqlStores().pipe(
      // One connection, which counts what it does in `scanCounts`.
      Layer.provideMerge([SecretCipher.layer("5c".repeat(32)), postgresClient({ url, maxConnections: 1 })]),
      Layer.provide(SignalHub.layer("resumed")),
    ),
  )

let server: PostgresServer
let database: ReturnType<typeof openDatabase>
beforeAll(async () => {
  server = await startPostgres()
  database = openDatabase(await server.createDatabase())
})
afterAll(async () => {
  await database.dispose()
  await server.close()
})

/** How often the tables were read from end to end since they were made, and how often by an index. */
const scanCounts = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`select pg_stat_force_next_flush()`
  const [counts] = yield* sql<{ readonly sequential: string; readonly index: string }>`
    select sum(seq_scan)::text as sequential, sum(idx_scan)::text as index from pg_stat_user_tables
    where relname in ('mooring_servers', 'mooring_tools')`
  return { sequential: Number(counts?.sequential), index: Number(counts?.index) }
})

test("no statement of the stores reads a table from end to end", async () => {
  const outcome = await Effect.gen(function* () {
    const calls = storeCalls(yield* fillDatabase({ servers: 10_000, read: 100 }))
    const before = yield* scanCounts
    const issued = yield* Effect.forEach(calls, ({ name, run }) =>
      Effect.map(issuedBy(run), (statements) => ({ name, statements })),
    )
    const after = yield* scanCounts
    const plans = yield* Effect.forEach(
      issued.flatMap(({ name, statements }) => statements.map((statement) => ({ name, statement }))),
      ({ name, statement }) => Effect.map(explain(statement), (plan) => ({ name, ...plan })),
    )
    return { before, after, plans }
  }).pipe(database.runPromise)

  const { after, before, plans } = outcome
  expect(plans.length).toBeGreaterThan(15)
  expect(plans.filter(({ scans }) => scans.length > 0)).toStrictEqual([])
  // A page of a large organization costs what a page costs.
  const pages = plans.filter(({ name }) => name.includes("page"))
  expect(pages).toHaveLength(2)
  expect(pages.filter(({ sorts }) => sorts.length > 0)).toStrictEqual([])
  // What was really done, and also what no plan shows: the checks of references, the tools that go with a server.
  expect(after.sequential).toBe(before.sequential)
  expect(after.index).toBeGreaterThan(before.index + 15)
})

test("the check of the keys at a start reads their index alone", async () => {
  const statements = await database.runPromise(issuedBy(checkKeys))
  const statement = statements.find(({ text }) => text.includes("mooring_servers"))
  const { lines } = await database.runPromise(explain(statement ?? { text: "", params: [] }))
  const reading = lines.filter((line) => /Scan .*mooring_servers/.test(line))
  expect(reading.length).toBeGreaterThan(0)
  expect(
    reading.filter((line) => !line.includes("Index Only Scan using mooring_servers_key_id")),
  ).toStrictEqual([])
})

test.each([
  "select id from mooring_servers where name = 'server-1'",
  "select organization_id from mooring_servers order by organization_id, seq",
  "select organization_id from mooring_servers where seq > 5 order by organization_id, seq limit 5",
  "delete from mooring_tools where created_by = 'other'",
])("%s would be noticed", async (text) => {
  const { scans } = await database.runPromise(explain({ text, params: [] }))
  // Once planned for its parameters, once for any.
  expect(scans).toHaveLength(2)
})

test("a server with many tools takes as many statements as one with a single tool", async () => {
  const counts = await database.runPromise(
    Effect.forEach([1, 20, 500], (toolCount) =>
      Effect.map(issuedBy(createServer("acme", `with ${toolCount}`, toolCount)), ({ length }) => length),
    ),
  )
  expect(counts).toStrictEqual([4, 4, 4])
})

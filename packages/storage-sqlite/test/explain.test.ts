import { SecretCipher, SignalHub } from "@mooring/core"
import { checkKeys, layerSqlStores } from "@mooring/storage-sql"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { SqlClient } from "effect/sql/SqlClient"
import { rm } from "node:fs/promises"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createServer } from "../../storage-sql/test/scale/createServer.ts"
import { explain } from "../../storage-sql/test/scale/explain.ts"
import { fillDatabase } from "../../storage-sql/test/scale/fillDatabase.ts"
import { issuedBy } from "../../storage-sql/test/scale/issuedBy.ts"
import type { SpiedStatement } from "../../storage-sql/test/scale/StatementSpy.ts"
import { storeCalls } from "../../storage-sql/test/scale/storeCalls.ts"
import { sqliteClient } from "../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "mooring-explain-"))
const database = ManagedRuntime.make(
  layerSqlStores().pipe(
    Layer.provideMerge([
      SecretCipher.layer("5c".repeat(32)),
      sqliteClient({ file: join(folder, "data.sqlite") }),
    ]),
    Layer.provide(SignalHub.layer("resumed")),
  ),
)
afterAll(async () => {
  await database.dispose()
  await rm(folder, { recursive: true })
})

/** What the stores issue at 10,000 servers, as it goes to SQLite. */
let issued: ReadonlyArray<readonly [call: string, statement: SpiedStatement]>
beforeAll(async () => {
  issued = await Effect.gen(function* () {
    const calls = storeCalls(yield* fillDatabase({ servers: 10_000, read: 100 }))
    const statements = yield* Effect.forEach(calls, ({ name, run }) =>
      Effect.map(issuedBy(run), (all) => all.map((statement) => [name, statement] as const)),
    )
    return statements.flat()
  }).pipe(database.runPromise)
})

const explainAll = Effect.suspend(() =>
  Effect.forEach(issued, ([call, statement]) =>
    Effect.map(explain(statement), (plan) => ({ call, ...plan })),
  ),
)

/** Plans that are none of ours: such as read a table from end to end, or all of an organization for one page of it. */
const offences = (plans: Effect.Success<typeof explainAll>) =>
  plans.filter(
    ({ call, lines, scans, sorts }) =>
      lines.length === 0 || scans.length > 0 || (call.includes("page") && sorts.length > 0),
  )

test("no statement of the stores reads a table from end to end", async () => {
  const plans = await database.runPromise(explainAll)
  expect(plans.length).toBeGreaterThan(15)
  expect(offences(plans)).toStrictEqual([])
})

test("nor does any where nobody has ever run ANALYZE", async () => {
  const withoutStatistics = Effect.gen(function* () {
    const sql = yield* SqlClient
    yield* sql`delete from sqlite_stat1`
    // Reads the statistics again.
    yield* sql`analyze sqlite_schema`
    return yield* explainAll
  })
  expect(offences(await database.runPromise(withoutStatistics))).toStrictEqual([])
})

test("a server's tools are found by an index when it is removed", async () => {
  const removal = issued.find(([, { text }]) => /^\s*delete from mooring_servers/.test(text))?.[1]
  const { lines } = await database.runPromise(explain(removal ?? { text: "", params: [] }))
  expect(lines).toContainEqual(
    expect.stringMatching(/^SEARCH mooring_tools USING .*INDEX .*\(server_id=\?\)$/),
  )
})

test("the check of the keys at a start reads their index alone", async () => {
  const statements = await database.runPromise(issuedBy(checkKeys))
  const statement = statements.find(({ text }) => text.includes("mooring_servers"))
  const { lines } = await database.runPromise(explain(statement ?? { text: "", params: [] }))
  const reading = lines.filter((line) => /(?:SCAN|SEARCH) mooring_servers/.test(line))
  expect(reading.length).toBeGreaterThan(0)
  expect(reading.filter((line) => !line.includes("COVERING INDEX mooring_servers_key_id"))).toStrictEqual([])
})

test.each([
  "select id from mooring_servers where name = 'server-1'",
  "select organization_id from mooring_servers order by organization_id, seq",
  "select t.id from mooring_servers s join mooring_tools t on t.server_id = s.id",
])("%s would be noticed", async (text) => {
  const { scans } = await database.runPromise(explain({ text, params: [] }))
  expect(scans).toHaveLength(1)
})

test("a server with many tools takes as many statements as one with a single tool", async () => {
  const counts = await database.runPromise(
    Effect.forEach([1, 20, 500], (toolCount) =>
      Effect.map(issuedBy(createServer("acme", `with ${toolCount}`, toolCount)), ({ length }) => length),
    ),
  )
  expect(counts).toStrictEqual([4, 4, 4])
})

import * as PgClient from "@effect/sql-pg/PgClient"
import { McpServerStore, type StoreSignal, StoreSignals, ToolStore } from "@mooring/core"
import { type PostgresServer, startPostgres } from "@mooring/test-postgres"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { layerPostgresStores } from "../src/index.ts"
import { exampleServer, exampleTool } from "./sql/exampleServer.ts"

const keys = randomBytes(32).toString("hex")
let postgres: PostgresServer
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.close())

test("an application's own client does, also one that renames columns and keeps its tables in a schema", async () => {
  const url = await postgres.createDatabase()
  const own = PgClient.layer({
    url: Redacted.make(url),
    maxConnections: 2,
    transformQueryNames: (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    transformResultNames: (name) => name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    startupParameters: { search_path: "app" },
  })
  const schema = SqlClient.use((sql) => sql`create schema app`)
  await Effect.runPromise(Effect.provide(schema, own))

  const server = exampleServer("server")
  const tool = exampleTool(server, "tool")
  const signals: Array<StoreSignal> = []
  await Effect.gen(function* () {
    const servers = yield* McpServerStore
    const tools = yield* ToolStore
    const { listen } = yield* StoreSignals
    yield* listen((signal) => Effect.sync(() => signals.push(signal)))
    yield* Effect.promise(() =>
      vi.waitFor(() => expect(signals).toContainEqual({ type: "resumed" }), { interval: 5 }),
    )
    yield* servers.insert(server)
    yield* tools.replaceAll(server, () => ({
      tools: [tool],
      changes: { added: ["tool"], updated: [], deleted: [] },
    }))
    expect(yield* servers.list("acme", {})).toStrictEqual([server])
    expect(yield* tools.get("acme", server.id, tool.id)).toStrictEqual({ server, tool })

    // What the database itself tells, and not this node: nothing of it went through the stores.
    const sql = yield* SqlClient
    yield* sql`delete from mooring_servers`
    yield* Effect.promise(() =>
      vi.waitFor(() => expect(signals).toContainEqual({ type: "server_removed", serverId: server.id }), {
        interval: 5,
      }),
    )
    expect(yield* sql`select schemaname from pg_tables where tablename = 'mooring_tools'`).toStrictEqual([
      { schemaname: "app" },
    ])
  }).pipe(
    Effect.scoped,
    Effect.provide(layerPostgresStores({ keys }).pipe(Layer.provideMerge(own))),
    Effect.runPromise,
  )
})

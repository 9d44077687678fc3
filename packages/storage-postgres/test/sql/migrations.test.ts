import { CredentialStore, McpServerStore, Migrations } from "@mooring/core"
import { migrate, pendingMigrations } from "@mooring/storage-sql"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { SqlClient } from "effect/sql/SqlClient"
import { randomBytes } from "node:crypto"
import { describe, expect, test } from "vitest"
import { databases } from "./databases.ts"
import { exampleCredential } from "./exampleGrants.ts"
import { exampleServer } from "./exampleServer.ts"

const keys = randomBytes(32).toString("hex")
const names = [
  "0001_create_servers_and_tools",
  "0002_create_credentials_and_authorizations",
  "0003_create_keys",
  "0004_add_oauth_columns",
  "0005_tell_of_exchanges",
  "0006_add_tool_approvals",
  "0007_create_audit",
  "0008_create_rate_limits",
  "0009_create_wanted_sign_ins",
  "0010_create_client_registrations",
  "0011_add_issued_at",
]

/** Leaves a database as the first step had made it. */
const undoLater = Effect.gen(function* () {
  const sql = yield* SqlClient
  const later = [
    "mooring_keys",
    "mooring_credentials",
    "mooring_authorizations",
    "mooring_audit",
    "mooring_rate_limits",
    "mooring_wanted_sign_ins",
    "mooring_client_registrations",
  ]
  for (const table of later) {
    yield* sql`drop table ${sql(table)}`
  }
  for (const column of ["oauth_client_secret", "approved_tools"]) {
    yield* sql`alter table mooring_servers drop column ${sql(column)}`
  }
  for (const column of ["fingerprint", "needs_approval"]) {
    yield* sql`alter table mooring_tools drop column ${sql(column)}`
  }
  yield* sql.onDialectOrElse({
    pg: () =>
      Effect.andThen(
        sql`drop function mooring_notify_credential`,
        sql`drop function mooring_notify_authorization`,
      ),
    orElse: () => Effect.void,
  })
  yield* sql`delete from mooring_migrations where migration_id >= 2`
})

describe.each(databases)("migrations of %s", (_, open) => {
  test("wait for the word where that was asked for", async () => {
    await using database = await open()
    const server = exampleServer("server")
    const outcome = await Effect.gen(function* () {
      const { insert } = yield* McpServerStore
      const { run } = yield* Migrations
      const before = yield* Effect.flip(insert(server))
      const taken = yield* run
      const again = yield* run
      yield* insert(server)
      return { before, taken, again }
    }).pipe(
      Effect.provide(database.stores(keys, { migrations: "manual" })),
      Effect.provideService(References.MinimumLogLevel, "None"),
      Effect.runPromise,
    )
    expect(outcome).toMatchObject({ before: { _tag: "StoreError" }, taken: names, again: [] })
  })

  test("are told apart: taken and still to be taken", async () => {
    await using database = await open()
    const outcome = await Effect.gen(function* () {
      return [yield* pendingMigrations, yield* migrate, yield* pendingMigrations]
    }).pipe(Effect.provide(database.client), Effect.runPromise)
    expect(outcome).toStrictEqual([names, names, []])
  })

  test("bring a database of an earlier release up to this one, and keep what it holds", async () => {
    await using database = await open()
    const env = { TOKEN: Redacted.make("token") }
    const server = exampleServer("server", { type: "stdio", command: "mcp", args: [], env })
    const store = McpServerStore
    await Effect.runPromise(
      Effect.provide(
        store.use(({ insert }) => insert(server)),
        database.stores(keys),
      ),
    )
    await Effect.runPromise(Effect.provide(undoLater, database.client))
    const found = await Effect.gen(function* () {
      yield* CredentialStore.use(({ find }) => find(exampleCredential("alice")))
      return yield* store.use(({ list }) => list("acme", {}))
    }).pipe(Effect.provide(database.stores(keys)), Effect.runPromise)
    expect(found).toStrictEqual([server])
    const pending = await Effect.runPromise(Effect.provide(pendingMigrations, database.client))
    expect(pending).toStrictEqual([])
  })

  test("are taken once by ten that start at once", async () => {
    await using database = await open()
    const taken = await Promise.all(
      Array.from({ length: 10 }, () => Effect.runPromise(Effect.provide(migrate, database.client))),
    )
    expect(taken.flat()).toStrictEqual(names)
  })
})

import { McpServerStore, Migrations } from "@mooring/core"
import { migrate, pendingMigrations } from "@mooring/storage-sql"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import { randomBytes } from "node:crypto"
import { describe, expect, test } from "vitest"
import { databases } from "./databases.ts"
import { exampleServer } from "./exampleServer.ts"

const keys = randomBytes(32).toString("hex")
const names = ["0001_create_servers_and_tools"]

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

  test("are taken once by ten that start at once", async () => {
    await using database = await open()
    const taken = await Promise.all(
      Array.from({ length: 10 }, () => Effect.runPromise(Effect.provide(migrate, database.client))),
    )
    expect(taken.flat()).toStrictEqual(names)
  })
})

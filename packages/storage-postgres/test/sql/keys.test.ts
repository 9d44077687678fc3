import { McpServerStore, SecretCipher, type Stores } from "@mooring/core"
import { checkKeys, countByKey, rotateSecrets, SecretKeyMissing } from "@mooring/storage-sql"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { SqlClient } from "effect/sql/SqlClient"
import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { databases, type TestDatabase } from "./databases.ts"
import { exampleServer } from "./exampleServer.ts"

const newKey = () => randomBytes(32).toString("base64url")

describe.each(databases)("keys of stores in %s", (_, open) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  /** As one node, from start to stop. */
  const node = <A, E>(keys: string, use: Effect.Effect<A, E, Stores>) =>
    Effect.runPromise(Effect.provide(use, database.stores(keys)))
  const store = McpServerStore
  /** As an operator's command. */
  const operator = <A, E>(keys: string, use: Effect.Effect<A, E, SqlClient | SecretCipher>) =>
    Effect.runPromise(Effect.provide(use, Layer.mergeAll(database.client, SecretCipher.layer(keys))))

  test("are rotated while they are used, and nothing is lost", async () => {
    const [old, current] = [newKey(), newKey()]
    const servers = Array.from({ length: 450 }, (_, index) => exampleServer(`rotated-${index}`))
    const plain = exampleServer("plain", { type: "stdio", command: "x", args: [], env: null })
    await node(
      old,
      store.use(({ insert }) => Effect.forEach([...servers, plain], insert, { discard: true })),
    )

    const changed = servers.slice(0, 50)
    const [rotated] = await Promise.all([
      operator(`${current},${old}`, rotateSecrets),
      node(
        `${current},${old}`,
        store.use(({ modify }) =>
          Effect.forEach(
            changed,
            (server) =>
              modify("acme", server.id, (before) =>
                Result.succeed({ ...before, config: exampleServer(`changed ${server.name}`).config }),
              ),
            { concurrency: 4 },
          ),
        ),
      ),
    ])
    expect(rotated).toBeGreaterThanOrEqual(400)
    expect(await operator(current, rotateSecrets)).toBe(0)

    const after = await node(
      current,
      store.use(({ list }) => list("acme", {})),
    )
    expect(after).toHaveLength(451)
    for (const [index, { config, name }] of after.entries()) {
      if (name === "plain") continue
      const { config: expected } = exampleServer(index < 50 ? `changed ${name}` : name)
      expect(config).toStrictEqual(expected)
    }
    expect(await operator(current, countByKey)).toHaveLength(1)

    // The old key is of no use any more, neither at the start nor for a single server.
    const refused = await node(old, Effect.void).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(SecretKeyMissing)
    expect(String(refused)).toContain("Add the missing key behind the first one")
    expect(String(refused)).not.toContain(old)
  })

  test("that are missing are told at the start, and by the operator's check", async () => {
    const [current] = (await operator(newKey(), countByKey)).map(({ keyId }) => keyId)
    const failure = await operator(newKey(), Effect.flip(checkKeys))
    expect(failure).toMatchObject({ _tag: "SecretKeyMissing", missing: [current] })
  })

  test("that differ between two nodes are told before either has stored anything", async () => {
    await using empty = await open()
    const [one, other] = [newKey(), newKey()]
    const start = (keys: string) =>
      Effect.runPromise(Effect.exit(Effect.provide(Effect.void, empty.stores(keys))))
    const outcomes = await Promise.all([start(one), start(other), start(one)])
    expect(outcomes.filter(Exit.isFailure).map(({ cause }) => Cause.squash(cause))).toContainEqual(
      expect.objectContaining({ _tag: "SecretKeyMissing" }),
    )
    // The one that came first goes on, and a ring that has it may add another.
    const [first, second] = Exit.isSuccess(await start(one)) ? [one, other] : [other, one]
    expect(Exit.isSuccess(await start(first))).toBe(true)
    expect(Exit.isSuccess(await start(second))).toBe(false)
    expect(Exit.isSuccess(await start(`${second},${first}`))).toBe(true)
    expect(Exit.isSuccess(await start(first))).toBe(false)
  })

  test("are not used for servers without secrets", async () => {
    await using empty = await open()
    const plain = exampleServer("plain", { type: "stdio", command: "x", args: ["y"], env: null })
    const key = newKey()
    const run = <A, E>(use: Effect.Effect<A, E, Stores>) =>
      Effect.runPromise(Effect.provide(use, empty.stores(key)))
    await run(store.use(({ insert }) => insert(plain)))
    expect(await run(store.use(({ list }) => list("acme", {})))).toStrictEqual([plain])
    expect(await Effect.runPromise(Effect.provide(countByKey, empty.client))).toStrictEqual([])
  })
})

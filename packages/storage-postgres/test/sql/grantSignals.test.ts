import { CredentialStore, SecretCipher, type Stores, type StoreSignal, StoreSignals } from "@mooring/core"
import { rotateSecrets } from "@mooring/storage-sql"
import { startPostgres } from "@mooring/test-postgres"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import { postgresClient, postgresStores } from "../../src/index.ts"
import { exampleCredential, exampleTokens } from "./exampleGrants.ts"

const newKey = () => randomBytes(32).toString("hex")

/** How long a resource may be of which the other nodes are told, with an organization `acme` and a user `alice`. */
const room =
  7_999 -
  JSON.stringify({ type: "credential_changed", organizationId: "acme", userId: "alice", resource: "" })
    .length -
  // PostgreSQL writes a blank before each of four colons, behind each of them, and behind each of three commas.
  11

/** What is told from now on, as notes, up to the change of a credential of the user `last`. */
const listenToLast = Effect.gen(function* () {
  const notes: Array<string> = []
  const [ready, last] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  const note = Effect.fnUntraced(function* (signal: StoreSignal) {
    if (signal.type === "credential_changed" && signal.userId === "last") {
      yield* Deferred.succeed(last, undefined)
    } else if (signal.type === "credential_changed") {
      notes.push(`${signal.userId} ${signal.resource.length}`)
    } else {
      notes.push(signal.type)
      if (signal.type === "resumed") yield* Deferred.succeed(ready, undefined)
    }
  })
  yield* StoreSignals.use(({ listen }) => listen(note))
  yield* Deferred.await(ready)
  notes.length = 0
  return Effect.as(Deferred.await(last), notes)
})

const putAndRefresh = Effect.fnUntraced(function* (length: number) {
  const { lease, put, release, remove } = yield* CredentialStore
  const credential = exampleCredential("alice", "https://mcp.example/".padEnd(length, "x"))
  yield* put(credential)
  const leased = yield* lease(credential, DateTime.makeUnsafe(0), DateTime.makeUnsafe(1))
  expect(yield* release(Option.getOrThrow(leased), exampleTokens("alice"))).toBe(true)
  yield* remove(credential)
})

test("another node is told what has changed as far as a notification has room, and beyond it that something has", async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const [old, current] = [newKey(), newKey()]
  const told = await Effect.gen(function* () {
    const hearing = yield* Layer.build(postgresStores({ url, keys: old }))
    const making = yield* Layer.build(postgresStores({ url, keys: old }))
    const make = <A, E>(use: Effect.Effect<A, E, Stores>) => Effect.provide(use, making)
    const put = (userId: string) => CredentialStore.use((store) => store.put(exampleCredential(userId)))
    const notes = yield* Effect.provide(listenToLast, hearing)
    for (const length of [26, room, room + 1, 8_000]) yield* make(putAndRefresh(length))
    yield* make(put("rotated"))
    const rotated = yield* rotateSecrets.pipe(
      Effect.provide([postgresClient({ url }), SecretCipher.layer(`${current},${old}`)]),
    )
    expect(rotated).toBe(1)
    yield* make(put("last"))
    return yield* notes
  }).pipe(Effect.scoped, Effect.runPromise)

  // Neither a claim nor a rotation is told: for others it changes nothing.
  const thrice = (note: string) => [note, note, note]
  expect(told).toStrictEqual([
    ...thrice("alice 26"),
    ...thrice(`alice ${room}`),
    ...thrice("resumed"),
    ...thrice("resumed"),
    "rotated 23",
  ])
})

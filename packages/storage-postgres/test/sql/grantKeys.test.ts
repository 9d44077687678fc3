import {
  AuthorizationStore,
  type Credential,
  CredentialStore,
  SecretCipher,
  type Stores,
} from "@mooring/core"
import { checkKeys, countByKey, rotateSecrets, SecretKeyMissing } from "@mooring/storage-sql"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import { SqlClient } from "effect/sql/SqlClient"
import { randomBytes } from "node:crypto"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { databases, type TestDatabase } from "./databases.ts"
import { exampleAuthorization, exampleCredential, exampleTokens } from "./exampleGrants.ts"

const newKey = () => randomBytes(32).toString("base64url")
const credentials = CredentialStore
const authorizations = AuthorizationStore
const users = Array.from({ length: 450 }, (_, index) => `user-${index}`)
const now = DateTime.makeUnsafe(0)
const until = DateTime.makeUnsafe(35_000)

const secretsOf = ({ client, tokens }: Credential) =>
  [tokens.accessToken, tokens.refreshToken, client.clientSecret].map(
    (secret) => secret && Redacted.value(secret),
  )
const secretsAfter = (userId: string, name: string) => [
  `access token of ${name}`,
  `refresh token of ${name}`,
  `client secret of ${userId}`,
]

describe.each(databases)("keys of credentials and sign-ins in %s", (_, open) => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await open()
  })
  afterEach(() => database[Symbol.asyncDispose]())

  /** As one node, from start to stop. */
  const node = <A, E>(keys: string, use: Effect.Effect<A, E, Stores>) =>
    Effect.runPromise(Effect.provide(use, database.stores(keys)))
  /** As an operator's command. */
  const operator = <A, E>(keys: string, use: Effect.Effect<A, E, SqlClient | SecretCipher>) =>
    Effect.runPromise(Effect.provide(use, Layer.mergeAll(database.client, SecretCipher.layer(keys))))

  test("are rotated while they are used, and nothing is lost: no refresh, no claim, no sign-in", async () => {
    const [old, current] = [newKey(), newKey()]
    const signIns = users.slice(0, 220).map(exampleAuthorization)
    const leased = await node(
      old,
      Effect.gen(function* () {
        const { insert } = yield* authorizations
        yield* Effect.forEach(signIns, insert, { discard: true })
        const { lease, put } = yield* credentials
        const putLeased = Effect.fnUntraced(function* (userId: string) {
          const credential = exampleCredential(userId)
          yield* put(credential)
          return Option.getOrThrow(yield* lease(credential, now, until))
        })
        return yield* Effect.forEach(users, putLeased)
      }),
    )

    // The claims were made before the rotation, and end in the midst of it or behind it, on hosts with either key first.
    const refresh = (keys: string, some: ReadonlyArray<Credential>) =>
      node(
        keys,
        credentials.use(({ release }) =>
          Effect.forEach(some, (credential) =>
            release(credential, exampleTokens(`refreshed ${credential.userId}`)),
          ),
        ),
      )
    const [rotated, ...released] = await Promise.all([
      operator(`${current},${old}`, rotateSecrets),
      refresh(`${current},${old}`, leased.slice(0, 50)),
      refresh(`${old},${current}`, leased.slice(400)),
    ])
    expect(rotated).toBeGreaterThanOrEqual(350 + 220)
    expect(released.flat()).toStrictEqual(Array.from({ length: 100 }, () => true))
    await operator(`${current},${old}`, rotateSecrets)
    expect(await operator(current, rotateSecrets)).toBe(0)
    expect(await refresh(current, leased.slice(50, 60))).not.toContain(false)

    await node(
      current,
      Effect.gen(function* () {
        const { find } = yield* credentials
        for (const [index, userId] of users.entries()) {
          const found = yield* find(exampleCredential(userId))
          const isRefreshed = index < 60 || index >= 400
          const name = isRefreshed ? `refreshed ${userId}` : userId
          expect(Option.map(found, secretsOf)).toStrictEqual(Option.some(secretsAfter(userId, name)))
          expect(Option.map(found, ({ version }) => version)).toStrictEqual(Option.some(isRefreshed ? 3 : 2))
        }
        const { claim, get } = yield* authorizations
        for (const signIn of signIns) {
          const found = Option.getOrThrow(yield* get("acme", signIn.id))
          expect(Redacted.value(found.codeVerifier)).toBe(`verifier of ${signIn.userId}`)
          expect(yield* claim(found, now)).toBe(true)
        }
      }),
    )
    expect(await operator(current, countByKey)).toMatchObject([{ rows: 450 + 220, servers: 0 }])
    await expect(node(old, Effect.void)).rejects.toBeInstanceOf(SecretKeyMissing)
  })

  test.each([
    ["credential", credentials.use(({ put }) => put(exampleCredential("alice")))],
    ["sign-in", authorizations.use(({ insert }) => insert(exampleAuthorization("alice")))],
  ])("that a %s needs are told where they are missing", async (_, write) => {
    const [old, current] = [newKey(), newKey()]
    await node(old, write)
    const [use] = await operator(old, countByKey)
    expect(use).toMatchObject({ rows: 1, servers: 0 })
    expect(await operator(current, Effect.flip(checkKeys))).toMatchObject({ missing: [use?.keyId] })
    await expect(node(current, Effect.void)).rejects.toBeInstanceOf(SecretKeyMissing)
    expect(await operator(`${current},${old}`, rotateSecrets)).toBe(1)
    await expect(node(current, Effect.void)).resolves.toBeUndefined()
  })

  test("keep a secret in its own row, and one that was tampered with keeps nobody from signing in", async () => {
    const keys = newKey()
    const [alice, bob] = [exampleCredential("alice"), exampleCredential("bob")]
    const outcome = await Effect.gen(function* () {
      const { find, put, remove, removeAll } = yield* credentials
      yield* put(alice)
      yield* put(bob)
      const tampered = SqlClient.use(
        (sql) => sql`
          update mooring_credentials set access_token = (
            select access_token from mooring_credentials where id = ${bob.id}
          ) where user_id = 'alice'`,
      ).pipe(Effect.provide(database.client))
      yield* tampered
      const failure = yield* Effect.flip(find(alice))
      const removed = yield* remove(alice)
      yield* put(alice)
      yield* tampered
      const replaced = yield* put({ ...alice, id: exampleCredential("").id })
      const found = Option.map(yield* find(alice), secretsOf)
      yield* tampered
      const all = yield* removeAll("acme", alice.resource)
      return { failure, removed, replaced, found, all: all.map(({ userId }) => userId) }
    }).pipe(
      Effect.provide(database.stores(keys)),
      Effect.provideService(References.MinimumLogLevel, "None"),
      Effect.runPromise,
    )
    expect(outcome).toStrictEqual({
      failure: expect.objectContaining({ _tag: "StoreError" }),
      removed: Option.none(),
      replaced: Option.none(),
      found: Option.some(secretsAfter("alice", "alice")),
      all: ["bob"],
    })
  })
})

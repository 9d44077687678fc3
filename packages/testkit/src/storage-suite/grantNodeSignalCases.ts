import { type Authorization, AuthorizationStore, CredentialStore, type Stores } from "@mooring/core"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import {
  aboutOrganization,
  authorizationChanged,
  credentialChanged,
  grantState,
  refresh,
} from "./grantSignals.ts"
import { fromNow, insertAuthorization } from "./makeAuthorization.ts"
import { makeCredential, makeTokens, ownerOf, putCredential } from "./makeCredential.ts"
import { onPairs, untilTold } from "./onPairs.ts"
import { listenReading, listenResumed } from "./SignalLog.ts"
import type { StorageCases } from "./SuiteStorage.ts"

const claim = Effect.fnUntraced(function* (authorization: Authorization) {
  const authorizations = yield* AuthorizationStore
  expect(yield* authorizations.claim(authorization, fromNow(0))).toBe(true)
})

const complete = (authorization: Authorization) =>
  AuthorizationStore.use((authorizations) => authorizations.finish(authorization, { type: "completed" }))

const resources = {
  short: "https://mcp.example/mcp",
  // No notification of PostgreSQL has room for it.
  long: `https://mcp.example/${"x".repeat(7_980)}`,
  // Nor for this one, whose characters take two bytes each in JSON.
  escaped: `https://mcp.example/?${"\\".repeat(7_000)}`,
}

/** What a node is told of credentials and sign-ins that another one changes. */
export const grantNodeSignalCases: StorageCases = {
  ...Object.fromEntries(
    Object.entries(resources).map(([kind, resource]) => [
      `every change of a credential is told to the other node: ${kind} resource`,
      onPairs((making, hearing) =>
        Effect.gen(function* () {
          const log = yield* Effect.provide(listenResumed(), hearing)
          const organizationId = uniqueName("org")
          const owner = ownerOf(makeCredential(organizationId, { resource }))
          const changed = credentialChanged(owner)
          const remove = CredentialStore.use((credentials) => credentials.remove(owner))
          const removeAll = CredentialStore.use((credentials) =>
            credentials.removeAll(organizationId, resource),
          )
          yield* untilTold(log, making, putCredential(organizationId, { resource }), changed)
          yield* untilTold(log, making, refresh(owner), changed)
          yield* untilTold(log, making, putCredential(organizationId, { resource }), changed)
          yield* untilTold(log, making, remove, changed)
          yield* untilTold(log, making, putCredential(organizationId, { resource }), changed)
          yield* untilTold(log, making, removeAll, changed)
        }),
      ),
    ]),
  ),

  "every step of a sign-in is told to the other node": onPairs((making, hearing) =>
    Effect.gen(function* () {
      const log = yield* Effect.provide(listenResumed(), hearing)
      // As long as an organization's id may be.
      const organizationId = `${uniqueName("org")}${'"\u0001'.repeat(255)}`.slice(0, 255)
      // It is begun here and answered there.
      const authorization = yield* Effect.provide(insertAuthorization(organizationId), hearing)
      const changed = authorizationChanged(organizationId, authorization.id)
      yield* untilTold(log, making, claim(authorization), changed)
      yield* untilTold(log, making, complete(authorization), changed)
    }),
  ),

  "who reads when told of a change reads what it has changed": onPairs((making, hearing) =>
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const owner = ownerOf(makeCredential(organizationId))
      const authorization = yield* Effect.provide(insertAuthorization(organizationId), hearing)
      const log = yield* Effect.provide(listenReading(grantState(owner, authorization.id)), hearing)
      const remove = CredentialStore.use((credentials) => credentials.remove(owner))
      const steps: ReadonlyArray<readonly [change: Effect.Effect<unknown, unknown, Stores>, state: string]> =
        [
          [putCredential(organizationId), "version 1, waiting"],
          [refresh(owner), "version 3, waiting"],
          [claim(authorization), "version 3, exchanging"],
          [complete(authorization), "version 3, completed"],
          [remove, "none, completed"],
        ]
      for (const [change, state] of steps) {
        yield* Effect.provide(change, making)
        yield* log.soon((note) => note.endsWith(`: ${state}`), state)
      }
    }),
  ),

  "what is refused is not told to the other node": onPairs((making, hearing) =>
    Effect.gen(function* () {
      const [organizationId, other] = [uniqueName("org"), uniqueName("org")]
      const log = yield* Effect.provide(listenResumed(), hearing)
      const attempts = Effect.gen(function* () {
        const credentials = yield* CredentialStore
        const credential = yield* putCredential(organizationId)
        expect(yield* credentials.release({ ...credential, version: 9 }, makeTokens())).toBe(false)
        yield* credentials.remove({ ...ownerOf(credential), userId: "bob" })
      })
      yield* Effect.provide(attempts, making)
      // What comes behind it is heard.
      yield* untilTold(log, making, putCredential(other), credentialChanged(makeCredential(other)))
      const told = aboutOrganization(log, organizationId)
      expect(told.length).toBeLessThanOrEqual(1)
      for (const signal of told)
        expect(signal).toStrictEqual(credentialChanged(makeCredential(organizationId)))
    }),
  ),
}

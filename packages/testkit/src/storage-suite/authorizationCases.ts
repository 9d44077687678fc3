import { randomBytes, randomUUID } from "node:crypto"
import {
  type Authorization,
  AuthorizationId,
  type AuthorizationState,
  AuthorizationStore,
} from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { fromNow, insertAuthorization, makeAuthorization } from "./makeAuthorization.ts"
import { oddIds } from "./oddTexts.ts"
import { outcome } from "./outcome.ts"
import { quietly } from "./quietly.ts"
import { readableAuthorization } from "./readableGrants.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"
import { times } from "./times.ts"

const isStored = Effect.fnUntraced(function* (authorization: Authorization) {
  const authorizations = yield* AuthorizationStore
  const expected = Option.some(readableAuthorization(authorization))
  const byId = yield* authorizations.get(authorization.organizationId, authorization.id)
  expect(Option.map(byId, readableAuthorization)).toStrictEqual(expected)
  const byState = yield* authorizations.findByState(authorization.stateHash)
  expect(Option.map(byState, readableAuthorization)).toStrictEqual(expected)
})

const isGone = Effect.fnUntraced(function* ({ id, organizationId, stateHash }: Authorization) {
  const authorizations = yield* AuthorizationStore
  expect(yield* authorizations.get(organizationId, id)).toStrictEqual(Option.none())
  expect(yield* authorizations.findByState(stateHash)).toStrictEqual(Option.none())
})

const failed: AuthorizationState = { type: "failed", code: "token_refused", message: "Connect again." }

/** Sign-ins: found by id and by state, claimed once, forgotten in time. */
export const authorizationCases: StorageCases = {
  "a sign-in comes back as it was, with all that it may have and with nothing of it": onNode(
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const inserted = [
        yield* insertAuthorization(organizationId),
        yield* insertAuthorization(organizationId, {
          resource: `https://mcp.example/${"x".repeat(7_980)}`,
          userId: "員".repeat(255),
          serverName: "名".repeat(255),
          stateHash: randomBytes(32).toString("hex"),
          expiresAt: DateTime.makeUnsafe(253_402_300_799_999),
        }),
        yield* insertAuthorization(organizationId, {
          client: { clientId: "client", clientSecret: null, authMethod: "none" },
          resourceIndicator: null,
          scope: null,
        }),
      ]
      for (const authorization of inserted) yield* isStored(authorization)
    }),
  ),

  "what becomes of a sign-in is kept, and of the others nothing changes": onNode(
    Effect.gen(function* () {
      const authorizations = yield* AuthorizationStore
      const organizationId = uniqueName("org")
      const other = yield* insertAuthorization(organizationId)
      const states: ReadonlyArray<AuthorizationState> = [
        { type: "completed" },
        failed,
        { type: "failed", code: "access_denied", message: "" },
      ]
      for (const state of states) {
        const authorization = yield* insertAuthorization(organizationId)
        expect(yield* authorizations.claim(authorization, fromNow(0))).toBe(true)
        yield* isStored({ ...authorization, state: { type: "exchanging" } })
        yield* authorizations.finish(authorization, state)
        yield* isStored({ ...authorization, state })
      }
      yield* isStored(other)
    }),
  ),

  "a sign-in is claimed once, and never when it is over": onNode(
    Effect.gen(function* () {
      const authorizations = yield* AuthorizationStore
      const organizationId = uniqueName("org")
      for (const state of [{ type: "completed" } as const, failed]) {
        const authorization = yield* insertAuthorization(organizationId)
        expect(yield* authorizations.claim(authorization, fromNow(0))).toBe(true)
        expect(yield* authorizations.claim(authorization, fromNow(0))).toBe(false)
        yield* authorizations.finish(authorization, state)
        expect(yield* authorizations.claim(authorization, fromNow(0))).toBe(false)
        yield* isStored({ ...authorization, state })
      }
      const absent = makeAuthorization(organizationId)
      expect(yield* authorizations.claim(absent, fromNow(0))).toBe(false)
      yield* authorizations.finish(absent, failed)
      yield* isGone(absent)
    }),
  ),

  "a sign-in that has expired cannot be claimed": onNode(
    Effect.gen(function* () {
      const authorizations = yield* AuthorizationStore
      const organizationId = uniqueName("org")
      const authorization = yield* insertAuthorization(organizationId)
      const after = DateTime.add(authorization.expiresAt, { milliseconds: 1 })
      const before = DateTime.subtract(authorization.expiresAt, { milliseconds: 1 })
      expect(yield* authorizations.claim(authorization, after)).toBe(false)
      yield* isStored(authorization)
      expect(yield* authorizations.claim(authorization, before)).toBe(true)
      const expired = yield* insertAuthorization(organizationId, { expiresAt: fromNow(-1) })
      expect(yield* authorizations.claim(expired, fromNow(0))).toBe(false)
    }),
  ),

  "of those that have expired nothing is left when others have been begun": onNode(
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const living = yield* insertAuthorization(organizationId)
      const expired: Array<Authorization> = []
      for (const [seconds, state] of [
        [-1, { type: "waiting" }],
        [-60, { type: "exchanging" }],
        [-86_400, { type: "completed" }],
        [-2, failed],
        [-3_000_000, { type: "waiting" }],
      ] as const) {
        expired.push(yield* insertAuthorization(uniqueName("org"), { expiresAt: fromNow(seconds), state }))
      }
      yield* Effect.forEach(times(expired.length, String), () => insertAuthorization(organizationId))
      for (const authorization of expired) yield* isGone(authorization)
      yield* isStored(living)
    }),
  ),

  "an id or a state that is no sign-in's is not found, whatever it is": onNode(
    Effect.gen(function* () {
      const authorizations = yield* AuthorizationStore
      const organizationId = uniqueName("org")
      const authorization = yield* insertAuthorization(organizationId)
      const unknown = `mcp_authorization-${randomUUID()}`
      for (const id of [unknown, authorization.stateHash, ...oddIds(authorization.id)]) {
        expect(yield* authorizations.get(organizationId, id), JSON.stringify(id)).toStrictEqual(Option.none())
      }
      const { stateHash } = authorization
      const otherCase =
        stateHash.toUpperCase() === stateHash ? stateHash.toLowerCase() : stateHash.toUpperCase()
      const odd = oddIds(stateHash).filter((hash) => hash !== stateHash)
      for (const hash of [authorization.id, otherCase, randomBytes(32).toString("base64url"), ...odd]) {
        expect(yield* authorizations.findByState(hash), JSON.stringify(hash)).toStrictEqual(Option.none())
      }
      yield* isStored(authorization)
    }),
  ),

  "an id or a state that is in use is not stored a second time": onNode(
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const authorization = yield* insertAuthorization(organizationId)
      const { id, stateHash } = authorization
      for (const again of [{ id }, { stateHash }]) {
        for (const organization of [organizationId, `${organizationId}-other`]) {
          const insertion = quietly(insertAuthorization(organization, again))
          expect(yield* outcome(insertion)).toBe("StoreError")
        }
      }
      yield* isStored(authorization)
      yield* isStored(
        yield* insertAuthorization(organizationId, {
          id: AuthorizationId.make(`mcp_authorization-${randomUUID()}`),
        }),
      )
    }),
  ),
}

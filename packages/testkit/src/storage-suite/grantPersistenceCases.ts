import { AuthorizationStore, CredentialStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { fromNow, insertAuthorization } from "./makeAuthorization.ts"
import { makeTokens, moment, ownerOf, putCredential } from "./makeCredential.ts"
import { onNewNode } from "./onNewNode.ts"
import { readableAuthorization, readableCredential, readableOption } from "./readableGrants.ts"
import type { StorageCases } from "./SuiteStorage.ts"

const noToken = { resourceMetadataUrl: null, scope: null, error: null }

/** What a node has acknowledged outlives it. No two nodes are open at once. */
export const grantPersistenceCases: StorageCases = {
  "a node goes on where another one has left credentials, claims and sign-ins": (storage) =>
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const begin = Effect.gen(function* () {
        const credentials = yield* CredentialStore
        yield* putCredential(organizationId, { userId: "bob" })
        yield* credentials.remove({ organizationId, userId: "bob", resource: "https://mcp.example/mcp" })
        const credential = yield* putCredential(organizationId)
        const leased = Option.getOrThrow(yield* credentials.lease(credential, moment(0), moment(35)))
        yield* credentials.want({ ...ownerOf(leased), userId: "carol" }, noToken)
        const authorization = yield* insertAuthorization(organizationId)
        return { leased, authorization }
      })
      const { authorization, leased } = yield* onNewNode(storage, begin)
      const owner = ownerOf(leased)
      const tokens = makeTokens()

      const goOn = Effect.gen(function* () {
        const credentials = yield* CredentialStore
        const authorizations = yield* AuthorizationStore
        const found = yield* credentials.find(owner)
        expect(readableOption(found)).toStrictEqual(Option.some(readableCredential(leased)))
        expect(yield* credentials.find({ ...owner, userId: "bob" })).toStrictEqual(Option.none())
        expect(yield* credentials.findWanted({ ...owner, userId: "carol" })).toStrictEqual(
          Option.some(noToken),
        )
        expect(yield* credentials.lease(leased, moment(34), moment(70))).toStrictEqual(Option.none())
        expect(yield* credentials.release(leased, tokens)).toBe(true)
        const answered = Option.getOrThrow(yield* authorizations.findByState(authorization.stateHash))
        expect(readableAuthorization(answered)).toStrictEqual(readableAuthorization(authorization))
        expect(yield* authorizations.claim(answered, fromNow(0))).toBe(true)
        yield* authorizations.finish(answered, { type: "completed" })
      })
      yield* onNewNode(storage, goOn)

      const look = Effect.gen(function* () {
        const credential = yield* CredentialStore.use((credentials) => credentials.find(owner))
        const released = { ...leased, tokens, version: leased.version + 1, leasedUntil: null }
        expect(readableOption(credential)).toStrictEqual(Option.some(readableCredential(released)))
        const ended = yield* AuthorizationStore.use((authorizations) =>
          authorizations.get(organizationId, authorization.id),
        )
        expect(Option.map(ended, ({ state }) => state)).toStrictEqual(Option.some({ type: "completed" }))
      })
      yield* onNewNode(storage, look)
    }),
}

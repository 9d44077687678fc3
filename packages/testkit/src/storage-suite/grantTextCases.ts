import { type Authorization, AuthorizationStore, type Credential, CredentialStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { fromNow, insertAuthorization } from "./makeAuthorization.ts"
import { makeCredential, moment, ownerOf } from "./makeCredential.ts"
import { oddSecrets } from "./oddTexts.ts"
import { readableAuthorization, readableCredential, readableOption } from "./readableGrants.ts"
import { onNode, type StorageCase, type StorageCases } from "./SuiteStorage.ts"

/** Every text that somebody else has chosen: most of them an authorization server. */
const grantOf = (text: string) => ({
  authorizationServer: {
    issuer: text,
    authorizationEndpoint: text,
    tokenEndpoint: text,
    registrationEndpoint: text,
    revocationEndpoint: text,
    tokenEndpointAuthMethods: [text, "none", text],
    scopes: [text],
    takesClientIdMetadataDocument: true,
    takesDpop: true,
    promisesIssuer: false,
  },
  client: { clientId: text, clientSecret: Redacted.make(text), authMethod: text },
  resourceIndicator: text,
})

const credentialOf = (text: string) => ({
  ...grantOf(text),
  tokens: tokensOf(text),
  dpopKey: Redacted.make(text),
})

const tokensOf = (text: string): Credential["tokens"] => ({
  accessToken: Redacted.make(text),
  refreshToken: Redacted.make(text),
  scope: text,
  issuedAt: moment(0),
  expiresAt: null,
})

/** By every way to get it, from the store or back from it. */
const credentialComesBack = (text: string): StorageCase =>
  onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const credential = makeCredential(organizationId, credentialOf(text))
      const is = (found: Option.Option<Credential>, fields: Partial<Credential> = {}) =>
        expect(readableOption(found)).toStrictEqual(
          Option.some(readableCredential({ ...credential, ...fields })),
        )
      const owner = ownerOf(credential)
      yield* credentials.put(credential)
      is(yield* credentials.find(owner))
      is(yield* credentials.put(credential))
      const leased = yield* credentials.lease(credential, moment(0), moment(35))
      is(leased, { version: 2, leasedUntil: moment(35) })
      expect(yield* credentials.release(Option.getOrThrow(leased), tokensOf(text))).toBe(true)
      is(yield* credentials.find(owner), { version: 3 })
      is(yield* credentials.remove(owner), { version: 3 })
      yield* credentials.put(credential)
      const removed = yield* credentials.removeAll(organizationId, credential.resource)
      expect(removed.map(readableCredential)).toStrictEqual([readableCredential(credential)])
    }),
  )

const authorizationComesBack = (text: string): StorageCase =>
  onNode(
    Effect.gen(function* () {
      const authorizations = yield* AuthorizationStore
      const organizationId = uniqueName("org")
      const authorization = yield* insertAuthorization(organizationId, {
        ...grantOf(text),
        serverName: text,
        scope: text,
        redirectUri: text,
        codeVerifier: Redacted.make(text),
      })
      const { id, stateHash } = authorization
      const isStored = Effect.fnUntraced(function* (state: Authorization["state"]) {
        const expected = Option.some(readableAuthorization({ ...authorization, state }))
        const byId = yield* authorizations.get(organizationId, id)
        expect(Option.map(byId, readableAuthorization)).toStrictEqual(expected)
        const byState = yield* authorizations.findByState(stateHash)
        expect(Option.map(byState, readableAuthorization)).toStrictEqual(expected)
      })
      yield* isStored({ type: "waiting" })
      expect(yield* authorizations.claim(authorization, fromNow(0))).toBe(true)
      yield* isStored({ type: "exchanging" })
      const failed = { type: "failed", code: "token_refused", message: text } as const
      yield* authorizations.finish(authorization, failed)
      yield* isStored(failed)
    }),
  )

const inEveryText = (what: string, comesBack: (text: string) => StorageCase): StorageCases =>
  Object.fromEntries(
    Object.entries(oddSecrets).map(([kind, text]) => [
      `${what} comes back as it was: ${kind}`,
      comesBack(text),
    ]),
  )

/** What authorization servers and hosts write into credentials and sign-ins is kept as it is. */
export const grantTextCases: StorageCases = {
  ...inEveryText("a credential", credentialComesBack),
  ...inEveryText("a sign-in", authorizationComesBack),
}

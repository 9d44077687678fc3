import { randomUUID } from "node:crypto"
import { AuthorizationStore, CredentialStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { on } from "./atOnce.ts"
import { encodingsIn } from "./encodingsIn.ts"
import { fromNow, insertAuthorization } from "./makeAuthorization.ts"
import { makeCredential, moment, ownerOf } from "./makeCredential.ts"
import { outcome } from "./outcome.ts"
import { quietly } from "./quietly.ts"
import type { StorageCases } from "./SuiteStorage.ts"

/** What is secret here is found again wherever it is. */
const makeCanaries = () => {
  const canaries: Array<string> = []
  const secret = (what: string) => {
    const value = `canary, ${what} ${randomUUID()}`
    canaries.push(value)
    return Redacted.make(value)
  }
  const client = (where: string) => ({
    clientId: "client",
    clientSecret: secret(`client secret ${where}`),
    authMethod: null,
  })
  const tokens = (where: string) => ({
    accessToken: secret(`access token ${where}`),
    refreshToken: secret(`refresh token ${where}`),
    scope: null,
    issuedAt: moment(0),
    expiresAt: null,
  })
  return { canaries, secret, client, tokens }
}
type Canaries = ReturnType<typeof makeCanaries>

/** Everything that may happen to a credential. */
const handleCredentials = Effect.fnUntraced(function* (
  { client, secret, tokens }: Canaries,
  organizationId: string,
) {
  const credentials = yield* CredentialStore
  const put = Effect.fnUntraced(function* (userId: string, resource = "https://mcp.example/mcp") {
    const credential = makeCredential(organizationId, {
      userId,
      resource,
      client: client(userId),
      tokens: tokens(userId),
      dpopKey: secret(`key of ${userId}`),
    })
    yield* credentials.put(credential)
    return credential
  })
  yield* put(uniqueName("put"))
  yield* put("replaced")
  yield* put("replaced")
  const leased = yield* credentials.lease(yield* put("refreshed"), moment(0), moment(35))
  expect(yield* credentials.release(Option.getOrThrow(leased), tokens("after a refresh"))).toBe(true)
  expect(yield* credentials.release(Option.getOrThrow(leased), tokens("after a refusal"))).toBe(false)
  yield* credentials.remove(ownerOf(yield* put("removed")))
  yield* put("removed with all", "https://gone.example/mcp")
  expect(yield* credentials.removeAll(organizationId, "https://gone.example/mcp")).toHaveLength(1)
})

/** Everything that may happen to a sign-in. */
const handleAuthorizations = Effect.fnUntraced(function* (
  { client, secret }: Canaries,
  organizationId: string,
) {
  const authorizations = yield* AuthorizationStore
  const insert = (what: string, fields: Parameters<typeof insertAuthorization>[1] = {}) =>
    insertAuthorization(organizationId, {
      codeVerifier: secret(`verifier ${what}`),
      client: client(what),
      ...fields,
    })
  const { stateHash } = yield* insert("waiting")
  for (const state of [
    { type: "completed" },
    { type: "failed", code: "access_denied", message: "Connect again." },
  ] as const) {
    const authorization = yield* insert(state.type)
    yield* authorizations.claim(authorization, fromNow(0))
    yield* authorizations.finish(authorization, state)
  }
  yield* insert("expired", { expiresAt: fromNow(-1) })
  yield* insert("begun later")
  expect(yield* outcome(quietly(insert("refused", { stateHash })))).toBe("StoreError")
})

/** What is kept outside of the process tells no token and nothing that leads to one. */
export const grantSecretCases: StorageCases = {
  "no token, client secret or verifier is kept in plaintext, hex or base64, whatever has become of it": (
    storage,
  ) =>
    Effect.gen(function* () {
      const nodes = yield* storage.nodes(1)
      const canaries = makeCanaries()
      const [ofCredentials, ofAuthorizations] = [uniqueName("org"), uniqueName("org")]
      yield* on(nodes, 0, handleCredentials(canaries, ofCredentials))
      yield* on(nodes, 0, handleAuthorizations(canaries, ofAuthorizations))
      const dump = yield* Effect.promise(async () => (await storage.dump?.()) ?? [])
      // Organizations are no secret: where they can't be seen the dump shows nothing at all.
      for (const organizationId of [ofCredentials, ofAuthorizations]) {
        expect(encodingsIn(dump, organizationId), organizationId).not.toStrictEqual([])
      }
      expect(canaries.canaries.length).toBeGreaterThan(30)
      for (const canary of canaries.canaries) expect(encodingsIn(dump, canary), canary).toStrictEqual([])
    }),
}

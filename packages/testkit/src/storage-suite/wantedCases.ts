import { type Challenge, type CredentialOwner, CredentialStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { makeCredential, makeTokens, moment, ownerOf, putCredential } from "./makeCredential.ts"
import { oddSecrets } from "./oddTexts.ts"
import { readableCredential, readableOption } from "./readableGrants.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

const signIn: Challenge = { resourceMetadataUrl: "https://mcp.example/metadata", scope: null, error: null }
const more: Challenge = { resourceMetadataUrl: null, scope: "read admin", error: "insufficient_scope" }

const ownerIn = (organizationId: string, fields: Partial<CredentialOwner> = {}): CredentialOwner => ({
  ...ownerOf(makeCredential(organizationId)),
  ...fields,
})

const isWanted = Effect.fnUntraced(function* (owner: CredentialOwner, challenge: Challenge | undefined) {
  const found = yield* CredentialStore.use((credentials) => credentials.findWanted(owner))
  expect(found).toStrictEqual(Option.fromUndefinedOr(challenge))
})

/** What MCP servers want of users is kept beside their credentials, and without any. */
export const wantedCases: StorageCases = {
  "what is wanted of who has no credential is kept, replaced and forgotten, and makes no credential": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const owner = ownerIn(uniqueName("org"))
      yield* isWanted(owner, undefined)
      yield* credentials.want(owner, null)
      yield* credentials.want(owner, signIn)
      yield* isWanted(owner, signIn)
      yield* credentials.want(owner, more)
      yield* isWanted(owner, more)
      expect(yield* credentials.find(owner)).toStrictEqual(Option.none())
      yield* credentials.want(owner, null)
      yield* isWanted(owner, undefined)
    }),
  ),

  "what is wanted of who has a credential changes nothing of that, and outlasts a refresh": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const credential = yield* putCredential(uniqueName("org"))
      const owner = ownerOf(credential)
      const leased = Option.getOrThrow(yield* credentials.lease(credential, moment(0), moment(35)))
      yield* credentials.want(owner, more)
      expect(readableOption(yield* credentials.find(owner))).toStrictEqual(
        Option.some(readableCredential(leased)),
      )
      expect(yield* credentials.release(leased, makeTokens())).toBe(true)
      yield* isWanted(owner, more)
    }),
  ),

  "a new credential forgets what was wanted, of its owner alone": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const owner = ownerIn(organizationId)
      const others = [
        ownerIn(organizationId, { userId: "bob" }),
        ownerIn(organizationId, { resource: "https://mcp.example/other" }),
        ownerIn(`${organizationId}-other`),
      ]
      // At first, and in the place of another one.
      for (const challenge of [signIn, more]) {
        for (const wanted of [owner, ...others]) yield* credentials.want(wanted, challenge)
        yield* putCredential(organizationId)
        yield* isWanted(owner, undefined)
        for (const other of others) yield* isWanted(other, challenge)
      }
    }),
  ),

  "what is wanted goes with a sign-out, whether or not there is a credential": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const owner = ownerIn(organizationId)
      const other = ownerIn(organizationId, { userId: "bob" })
      yield* putCredential(organizationId)
      for (const isSignedIn of [true, false]) {
        yield* credentials.want(owner, more)
        yield* credentials.want(other, more)
        expect(Option.isSome(yield* credentials.remove(owner))).toBe(isSignedIn)
        yield* isWanted(owner, undefined)
        yield* isWanted(other, more)
      }
    }),
  ),

  "what is wanted of all users goes with all credentials, and what others are wanted for stays": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const owners = [ownerIn(organizationId), ownerIn(organizationId, { userId: "bob" })]
      const staying = [
        ownerIn(organizationId, { resource: "https://mcp.example/other" }),
        ownerIn(`${organizationId}-other`),
      ]
      for (const owner of [...owners, ...staying]) yield* credentials.want(owner, signIn)
      const credential = yield* putCredential(organizationId, { userId: "carol" })
      const removed = yield* credentials.removeAll(organizationId, credential.resource)
      expect(removed.map(({ id }) => id)).toStrictEqual([credential.id])
      for (const owner of owners) yield* isWanted(owner, undefined)
      for (const owner of staying) yield* isWanted(owner, signIn)
    }),
  ),

  ...Object.fromEntries(
    Object.entries(oddSecrets).map(([kind, text]) => [
      `what is wanted comes back as it was: ${kind}`,
      onNode(
        Effect.gen(function* () {
          const owner = ownerIn(uniqueName("org"))
          const challenge = { resourceMetadataUrl: text, scope: text, error: text }
          yield* CredentialStore.use((credentials) => credentials.want(owner, challenge))
          yield* isWanted(owner, challenge)
        }),
      ),
    ]),
  ),
}

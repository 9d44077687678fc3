import { type Credential, CredentialStore } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { authorizationServer, makeCredential, makeTokens, ownerOf, putCredential } from "./makeCredential.ts"
import { oddNames } from "./oddTexts.ts"
import { outcome } from "./outcome.ts"
import { quietly } from "./quietly.ts"
import { readableCredential, readableOption } from "./readableGrants.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** Every one of them is there as it was put. */
const areAllThere = Effect.fnUntraced(function* (expected: ReadonlyArray<Credential>) {
  const credentials = yield* CredentialStore
  for (const credential of expected) {
    const found = yield* credentials.find(ownerOf(credential))
    expect(readableOption(found)).toStrictEqual(Option.some(readableCredential(credential)))
  }
})

/** URLs as `resourceOf` writes them, that must stay apart. */
const resources = [
  "https://mcp.example/",
  "https://mcp.example/mcp",
  "https://mcp.example/MCP",
  "https://mcp.example/mcp/",
  "https://mcp.example/mcp?",
  "https://mcp.example/mcp?a=1&b=2",
  "https://mcp.example/mcp?b=2&a=1",
  "https://mcp.example/%2e%2E/caf%C3%A9'%22%00",
  "https://mcp.example/cafe%CC%81",
  "https://xn--caf-dma.example/mcp",
  "https://mcp.example:8443/mcp",
  "http://mcp.example/mcp",
]

const long = (last: string) => `https://mcp.example/${"x".repeat(7_979)}${last}`

/** Credentials as records: one at most for each owner. Claims are the matter of `leaseCases`. */
export const credentialCases: StorageCases = {
  "a credential comes back as it was, with all that it may have and with nothing of it": onNode(
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const full = yield* putCredential(organizationId, {
        userId: "full",
        authorizationServer: {
          ...authorizationServer,
          revocationEndpoint: "https://auth.example/revoke",
          scopes: ["read", "write"],
          takesClientIdMetadataDocument: true,
          takesDpop: true,
        },
        client: { ...makeCredential(organizationId).client, authMethod: "client_secret_post" },
        version: 2_147_483_000,
        leasedUntil: DateTime.makeUnsafe(1_700_000_000_007),
      })
      const bare = yield* putCredential(organizationId, {
        userId: "bare",
        authorizationServer: {
          ...authorizationServer,
          registrationEndpoint: null,
          tokenEndpointAuthMethods: [],
        },
        client: { clientId: "client", clientSecret: null, authMethod: null },
        resourceIndicator: null,
        tokens: makeTokens({ refreshToken: null, scope: null, expiresAt: null }),
      })
      yield* areAllThere([full, bare])
    }),
  ),

  "where there is none, nothing is found, removed or returned": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const credential = makeCredential(uniqueName("org"))
      expect(yield* credentials.find(ownerOf(credential))).toStrictEqual(Option.none())
      expect(yield* credentials.remove(ownerOf(credential))).toStrictEqual(Option.none())
      expect(yield* credentials.removeAll(credential.organizationId, credential.resource)).toStrictEqual([])
      expect(yield* credentials.put(credential)).toStrictEqual(Option.none())
    }),
  ),

  "a credential takes the place of the earlier one, which is returned": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      let earlier = yield* putCredential(organizationId, {
        leasedUntil: DateTime.makeUnsafe(4_102_444_800_000),
      })
      const bare = {
        client: { clientId: "another", clientSecret: null, authMethod: "none" },
        tokens: makeTokens({ refreshToken: null, scope: null, expiresAt: null }),
      }
      // Nothing of an earlier one is left: neither what the next one doesn't have, nor a claim.
      for (const fields of [{}, bare, { version: 7 }]) {
        const next = makeCredential(organizationId, fields)
        const replaced = yield* credentials.put(next)
        expect(readableOption(replaced)).toStrictEqual(Option.some(readableCredential(earlier)))
        yield* areAllThere([next])
        earlier = next
      }
      // Also where it keeps its id.
      const same = { ...earlier, tokens: makeTokens() }
      expect(readableOption(yield* credentials.put(same))).toStrictEqual(
        Option.some(readableCredential(earlier)),
      )
      yield* areAllThere([same])
    }),
  ),

  "credentials of users, of resources and of organizations are apart, by every character": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const base = uniqueName("org")
      const put: Array<Credential> = []
      for (const userId of oddNames) put.push(yield* putCredential(base, { userId }))
      for (const resource of resources) put.push(yield* putCredential(base, { resource, userId: "bob" }))
      for (const name of oddNames) put.push(yield* putCredential(`${base}/${name}`))
      yield* areAllThere(put)
      while (put.length > 0) {
        const [credential] = put.splice(Math.floor(put.length / 2), 1)
        if (credential === undefined) continue
        const removed = yield* credentials.remove(ownerOf(credential))
        expect(readableOption(removed)).toStrictEqual(Option.some(readableCredential(credential)))
        expect(yield* credentials.find(ownerOf(credential))).toStrictEqual(Option.none())
        expect(yield* credentials.remove(ownerOf(credential))).toStrictEqual(Option.none())
        if (put.length % 10 === 0) yield* areAllThere(put)
      }
    }),
  ),

  "a resource may be 8,000 characters long, and organization and user as long as they are allowed to be":
    onNode(
      Effect.gen(function* () {
        const organizationId = `${uniqueName("org")}${"組".repeat(255)}`.slice(0, 255)
        const fields = { userId: "員".repeat(255) }
        const put = [
          yield* putCredential(organizationId, { ...fields, resource: long("a") }),
          yield* putCredential(organizationId, { ...fields, resource: long("b") }),
          yield* putCredential(organizationId, { userId: `${"員".repeat(254)}x`, resource: long("b") }),
        ]
        yield* areAllThere(put)
        const credentials = yield* CredentialStore
        const removed = yield* credentials.removeAll(organizationId, long("b"))
        expect(removed.map(({ id }) => id).toSorted()).toStrictEqual(
          put
            .slice(1)
            .map(({ id }) => id)
            .toSorted(),
        )
        yield* areAllThere(put.slice(0, 1))
      }),
    ),

  "all credentials for a resource go at once, and others stay": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const resource = "https://gone.example/mcp"
      const gone: Array<Credential> = []
      for (const userId of oddNames) gone.push(yield* putCredential(organizationId, { resource, userId }))
      const staying = [
        yield* putCredential(organizationId, { resource: "https://gone.example/mcp/" }),
        yield* putCredential(`${organizationId}-other`, { resource }),
      ]
      const removed = yield* credentials.removeAll(organizationId, resource)
      const byUser = (all: ReadonlyArray<Credential>) =>
        new Map(all.map((credential) => [credential.userId, readableCredential(credential)]))
      expect(removed).toHaveLength(gone.length)
      expect(byUser(removed)).toStrictEqual(byUser(gone))
      for (const credential of gone) {
        expect(yield* credentials.find(ownerOf(credential))).toStrictEqual(Option.none())
      }
      expect(yield* credentials.removeAll(organizationId, resource)).toStrictEqual([])
      yield* areAllThere(staying)
    }),
  ),

  "a credential whose id is another's does not take that one's place": onNode(
    Effect.gen(function* () {
      const organizationId = uniqueName("org")
      const credential = yield* putCredential(organizationId)
      // Whether it is refused or kept besides is the storage's matter.
      yield* outcome(quietly(putCredential(`${organizationId}-other`, { id: credential.id })))
      yield* areAllThere([credential])
    }),
  ),
}

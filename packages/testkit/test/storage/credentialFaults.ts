import type { Challenge, Credential, CredentialOwner, CredentialStore } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { ownerOf } from "../../src/storage-suite/makeCredential.ts"
import type { Fault, FaultyPorts } from "./memoryStorage.ts"

type Credentials = CredentialStore["Service"]

/** A store of credentials that differs in some methods. */
const credentialsWith =
  (change: (credentials: Credentials) => Partial<Credentials>): Fault =>
  ({ credentials }) => ({ credentials: { ...credentials, ...change(credentials) } })

/** The credential as it is stored, with another version or owner than who asks has in hand. */
const stored = (credentials: Credentials, credential: Credential) =>
  Effect.map(
    credentials.find(ownerOf(credential)),
    Option.getOrElse(() => credential),
  )

const anyOrganization = (owner: CredentialOwner): CredentialOwner => ({ ...owner, organizationId: "any" })

/** What a store of credentials may get wrong, and cases that must find it. */
export const credentialFaults: Readonly<Record<string, FaultyPorts>> = {
  "a claim whatever the version": {
    fault: credentialsWith((credentials) => ({
      lease: (credential, now, until) =>
        Effect.flatMap(stored(credentials, credential), ({ id, version }) =>
          credentials.lease({ ...credential, id, version }, now, until),
        ),
    })),
    foundBy: [
      "claims of credentials: a claim ends with new tokens, or with those that there were",
      "claims of credentials: a claim is lost when its credential is replaced, and what comes in its place is left alone",
    ],
  },
  "a claim that is looked at first, and taken then": {
    fault: credentialsWith((credentials) => ({
      lease: (credential, now, until) =>
        Effect.gen(function* () {
          const current = yield* stored(credentials, credential)
          const isClaimed = current.leasedUntil !== null && DateTime.isGreaterThan(current.leasedUntil, now)
          if (isClaimed || current.version !== credential.version) return Option.none<Credential>()
          yield* Effect.yieldNow
          const leased = { ...current, version: current.version + 1, leasedUntil: until }
          yield* credentials.put(leased)
          return Option.some(leased)
        }),
    })),
    foundBy: [
      "credentials, many callers of one node: of many claims of one credential one is granted",
      "credentials, callers of two nodes: of many claims of one credential one is granted",
    ],
  },
  "a claim that never ends by itself": {
    fault: credentialsWith(({ lease }) => ({
      lease: (credential, _, until) => lease(credential, DateTime.makeUnsafe(0), until),
    })),
    foundBy: [
      "claims of credentials: a claim whose time is over can be taken over, and its holder's end of it is refused",
    ],
  },
  "the end of a claim that was lost": {
    fault: credentialsWith((credentials) => ({
      release: (leased, tokens) =>
        Effect.flatMap(stored(credentials, leased), ({ id, version }) =>
          credentials.release({ ...leased, id, version }, tokens),
        ),
    })),
    foundBy: [
      "claims of credentials: a claim whose time is over can be taken over, and its holder's end of it is refused",
      "claims of credentials: a claim is lost when its credential is replaced, and what comes in its place is left alone",
      "credentials, many callers of one node: a refresh that ends while its user signs in anew or out changes neither",
    ],
  },
  "a claim that stays when it was ended": {
    fault: credentialsWith((credentials) => ({
      find: (owner) =>
        Effect.map(
          credentials.find(owner),
          Option.map((found) =>
            found.version < 3 ? found : { ...found, leasedUntil: DateTime.makeUnsafe(4_102_444_800_000) },
          ),
        ),
    })),
    foundBy: ["claims of credentials: a claim ends with new tokens, or with those that there were"],
  },
  "both are kept, and the first is found": {
    fault: ({ credentials }) => {
      const first = new Map<string, Credential>()
      return {
        credentials: {
          ...credentials,
          put: (credential) => {
            const key = JSON.stringify(ownerOf(credential))
            if (first.has(key)) return Effect.succeedNone
            first.set(key, credential)
            return credentials.put(credential)
          },
        },
      }
    },
    foundBy: ["credentials: a credential takes the place of the earlier one, which is returned"],
  },
  "what was replaced is not returned": {
    fault: credentialsWith(({ put }) => ({ put: (credential) => Effect.as(put(credential), Option.none()) })),
    foundBy: [
      "credentials: a credential takes the place of the earlier one, which is returned",
      "credentials, many callers of one node: of many credentials of one user one stays, and each of the others is returned once",
    ],
  },
  "what is replaced is looked up first": {
    fault: credentialsWith(({ find, put }) => ({
      put: (credential) =>
        Effect.gen(function* () {
          const earlier = yield* find(ownerOf(credential))
          yield* Effect.yieldNow
          yield* put(credential)
          return earlier
        }),
    })),
    foundBy: [
      "credentials, many callers of one node: of many credentials of one user one stays, and each of the others is returned once",
    ],
  },
  "organizations that share credentials": {
    fault: credentialsWith(({ find, put, remove }) => ({
      find: (owner) => find(anyOrganization(owner)),
      put: (credential) => put({ ...credential, organizationId: "any" }),
      remove: (owner) => remove(anyOrganization(owner)),
    })),
    foundBy: [
      "credentials: credentials of users, of resources and of organizations are apart, by every character",
      "owners of credentials and sign-ins: another's credential looks as if it were not there, to every method",
    ],
  },
  "removed whatever the organization": {
    fault: (ports) => {
      const organizations = new Set<string>()
      return credentialsWith(({ put, removeAll }) => ({
        put: (credential) => {
          organizations.add(credential.organizationId)
          return put(credential)
        },
        removeAll: (_, resource) =>
          Effect.map(
            Effect.forEach(organizations, (organizationId) => removeAll(organizationId, resource)),
            (removed) => removed.flat(),
          ),
      }))(ports)
    },
    foundBy: [
      "credentials: all credentials for a resource go at once, and others stay",
      "owners of credentials and sign-ins: another's credential looks as if it were not there, to every method",
    ],
  },
  "resources up to their 255th character": {
    fault: credentialsWith(({ find, put, remove }) => {
      const cut = <Owner extends CredentialOwner>(owner: Owner) => ({
        ...owner,
        resource: owner.resource.slice(0, 255),
      })
      return {
        find: (owner) => find(cut(owner)),
        put: (credential) => put(cut(credential)),
        remove: (owner) => remove(cut(owner)),
      }
    }),
    foundBy: [
      "credentials: a resource may be 8,000 characters long, and organization and user as long as they are allowed to be",
    ],
  },
  "what is wanted of organizations together": {
    fault: credentialsWith(({ findWanted, want }) => ({
      want: (owner, challenge) => want(anyOrganization(owner), challenge),
      findWanted: (owner) => findWanted(anyOrganization(owner)),
    })),
    foundBy: ["wanted sign-ins: a new credential forgets what was wanted, of its owner alone"],
  },
  "what is wanted stays when its user has signed in or out": {
    fault: (ports) => {
      const kept = new Map<string, Challenge>()
      return credentialsWith(() => ({
        want: (owner, challenge) =>
          Effect.sync(() => {
            const key = JSON.stringify(ownerOf(owner))
            if (challenge === null) kept.delete(key)
            else kept.set(key, challenge)
          }),
        findWanted: (owner) =>
          Effect.sync(() => Option.fromUndefinedOr(kept.get(JSON.stringify(ownerOf(owner))))),
      }))(ports)
    },
    foundBy: [
      "wanted sign-ins: a new credential forgets what was wanted, of its owner alone",
      "wanted sign-ins: what is wanted goes with a sign-out, whether or not there is a credential",
      "wanted sign-ins: what is wanted of all users goes with all credentials, and what others are wanted for stays",
    ],
  },
  "tokens as UTF-8": {
    fault: credentialsWith(({ put }) => ({
      put: (credential) =>
        put({
          ...credential,
          tokens: {
            ...credential.tokens,
            accessToken: Redacted.make(Redacted.value(credential.tokens.accessToken).toWellFormed()),
          },
        }),
    })),
    foundBy: ["texts of credentials and sign-ins: a credential comes back as it was: loneHighSurrogate"],
  },
}

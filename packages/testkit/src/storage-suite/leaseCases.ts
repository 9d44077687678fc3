import { type Credential, CredentialStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { makeCredential, makeTokens, moment, ownerOf, putCredential } from "./makeCredential.ts"
import { readableCredential, readableOption } from "./readableGrants.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** Claims a credential, which must succeed. */
const claim = Effect.fnUntraced(function* (credential: Credential, from: number, until: number) {
  const leased = yield* CredentialStore.use((credentials) =>
    credentials.lease(credential, moment(from), moment(until)),
  )
  expect(leased).toMatchObject({ _tag: "Some" })
  return Option.getOrElse(leased, () => credential)
})

const isStored = Effect.fnUntraced(function* (credential: Credential) {
  const found = yield* CredentialStore.use((credentials) => credentials.find(ownerOf(credential)))
  expect(readableOption(found)).toStrictEqual(Option.some(readableCredential(credential)))
})

/** The refresh of a credential, claimed by one at a time. */
export const leaseCases: StorageCases = {
  "a claim gives the credential at its next version, and changes nothing else": onNode(
    Effect.gen(function* () {
      const credential = yield* putCredential(uniqueName("org"), { version: 41 })
      const leased = yield* claim(credential, 0, 35)
      expect(readableCredential(leased)).toStrictEqual(
        readableCredential({ ...credential, version: 42, leasedUntil: moment(35) }),
      )
      yield* isStored(leased)
    }),
  ),

  "nobody else gets a claim while it lasts, by whichever version": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const credential = yield* putCredential(uniqueName("org"))
      const leased = yield* claim(credential, 0, 35)
      for (const read of [credential, leased, { ...leased, version: leased.version + 1 }]) {
        for (const now of [0, 34.999]) {
          expect(yield* credentials.lease(read, moment(now), moment(99))).toStrictEqual(Option.none())
        }
      }
      yield* isStored(leased)
    }),
  ),

  "a claim ends with new tokens, or with those that there were": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      let credential = yield* putCredential(uniqueName("org"))
      const bare = makeTokens({ refreshToken: null, scope: null, expiresAt: null })
      for (const tokens of [makeTokens(), undefined, bare, undefined, makeTokens({ scope: "more" })]) {
        const leased = yield* claim(credential, 0, 35)
        const next = tokens ?? leased.tokens
        expect(yield* credentials.release(leased, next)).toBe(true)
        const released = yield* credentials.find(ownerOf(credential))
        const expected = { ...leased, tokens: next, version: leased.version + 1, leasedUntil: null }
        expect(readableOption(released)).toStrictEqual(Option.some(readableCredential(expected)))
        // Who has read an earlier version cannot begin where others have ended.
        expect(yield* credentials.lease(credential, moment(0), moment(35))).toStrictEqual(Option.none())
        expect(yield* credentials.lease(leased, moment(99), moment(135))).toStrictEqual(Option.none())
        credential = expected
      }
    }),
  ),

  "a claim that has ended is not ended again": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const leased = yield* claim(yield* putCredential(uniqueName("org")), 0, 35)
      const tokens = makeTokens()
      expect(yield* credentials.release(leased, tokens)).toBe(true)
      expect(yield* credentials.release(leased, makeTokens())).toBe(false)
      yield* isStored({ ...leased, tokens, version: leased.version + 1, leasedUntil: null })
    }),
  ),

  "a claim whose time is over can be taken over, and its holder's end of it is refused": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const credential = yield* putCredential(uniqueName("org"))
      const first = yield* claim(credential, 0, 35)
      // By whoever has read the version that it has now.
      expect(yield* credentials.lease(credential, moment(35.001), moment(70))).toStrictEqual(Option.none())
      const second = yield* claim(first, 35.001, 70)
      expect(readableCredential(second)).toStrictEqual(
        readableCredential({ ...credential, version: 3, leasedUntil: moment(70) }),
      )
      expect(yield* credentials.release(first, makeTokens())).toBe(false)
      yield* isStored(second)
      expect(yield* credentials.lease(first, moment(36), moment(99))).toStrictEqual(Option.none())
      const tokens = makeTokens()
      expect(yield* credentials.release(second, tokens)).toBe(true)
      expect(yield* credentials.release(first, makeTokens())).toBe(false)
      yield* isStored({ ...second, tokens, version: 4, leasedUntil: null })
    }),
  ),

  "a claim whose time is over, and that nobody has taken over, still ends with new tokens": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const leased = yield* claim(yield* putCredential(uniqueName("org")), 0, 0.001)
      const tokens = makeTokens()
      expect(yield* credentials.release(leased, tokens)).toBe(true)
      yield* isStored({ ...leased, tokens, version: leased.version + 1, leasedUntil: null })
    }),
  ),

  "a claim is lost when its credential is replaced, and what comes in its place is left alone": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const credential = yield* putCredential(organizationId)
      const leased = yield* claim(credential, 0, 35)
      // Its version is one that the earlier one had, too.
      for (const version of [1, 2]) {
        const next = yield* putCredential(organizationId, { version })
        expect(yield* credentials.release(leased, makeTokens())).toBe(false)
        expect(yield* credentials.lease(credential, moment(0), moment(35))).toStrictEqual(Option.none())
        expect(yield* credentials.lease(leased, moment(99), moment(135))).toStrictEqual(Option.none())
        yield* isStored(next)
        yield* claim(next, 0, 35)
      }
    }),
  ),

  "a claim is lost when its credential is removed, which does not come back": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      for (const removal of ["remove", "removeAll"] as const) {
        const leased = yield* claim(yield* putCredential(organizationId), 0, 35)
        if (removal === "remove") {
          const removed = yield* credentials.remove(ownerOf(leased))
          expect(readableOption(removed)).toStrictEqual(Option.some(readableCredential(leased)))
        } else {
          const removed = yield* credentials.removeAll(organizationId, leased.resource)
          expect(removed.map(readableCredential)).toStrictEqual([readableCredential(leased)])
        }
        expect(yield* credentials.release(leased, makeTokens())).toBe(false)
        expect(yield* credentials.lease(leased, moment(99), moment(135))).toStrictEqual(Option.none())
        expect(yield* credentials.find(ownerOf(leased))).toStrictEqual(Option.none())
      }
      const absent = makeCredential(organizationId)
      expect(yield* credentials.lease(absent, moment(0), moment(35))).toStrictEqual(Option.none())
      expect(yield* credentials.release(absent, makeTokens())).toBe(false)
    }),
  ),
}

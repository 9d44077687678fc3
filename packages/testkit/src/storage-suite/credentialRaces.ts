import { type Credential, CredentialStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { atOnce, on } from "./atOnce.ts"
import { makeCredential, makeTokens, moment, ownerOf, putCredential } from "./makeCredential.ts"
import type { RaceCase } from "./onNodes.ts"
import { readableCredential, readableOption } from "./readableGrants.ts"
import { rounds, times } from "./times.ts"

type Store = CredentialStore["Service"]

const lease = (...[credential, now, until]: Parameters<Store["lease"]>) =>
  CredentialStore.use((credentials) => credentials.lease(credential, now, until))
const release = (...[leased, tokens]: Parameters<Store["release"]>) =>
  CredentialStore.use((credentials) => credentials.release(leased, tokens))
const put = (credential: Credential) => CredentialStore.use((credentials) => credentials.put(credential))
const remove = (credential: Credential) =>
  CredentialStore.use((credentials) => credentials.remove(ownerOf(credential)))
const find = (credential: Credential) =>
  CredentialStore.use((credentials) => credentials.find(ownerOf(credential)))

const idsOf = (credentials: Iterable<Credential>) => Array.from(credentials, ({ id }) => id)

/** Credentials that are claimed, refreshed, replaced and removed at once. */
export const credentialRaces: Readonly<Record<string, RaceCase>> = {
  "of many claims of one credential one is granted": Effect.fnUntraced(function* (nodes) {
    let credential = yield* on(nodes, 0, putCredential(uniqueName("org")))
    for (const round of rounds(10)) {
      const claims = yield* atOnce(
        nodes,
        times(24, () => lease(credential, moment(0), moment(35))),
        round,
      )
      const [leased, ...others] = claims.flatMap(Option.toArray)
      expect(others).toStrictEqual([])
      if (leased === undefined) return expect.unreachable("nobody was granted a claim")
      expect(leased).toMatchObject({ id: credential.id, version: credential.version + 1 })
      const tokens = makeTokens()
      expect(yield* on(nodes, round, release(leased, tokens))).toBe(true)
      credential = { ...leased, tokens, version: leased.version + 1, leasedUntil: null }
      const found = yield* on(nodes, round + 1, find(credential))
      expect(readableOption(found)).toStrictEqual(Option.some(readableCredential(credential)))
    }
  }),

  "of many that take over a claim, and its late holder, one writes": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    for (const round of rounds(20)) {
      const credential = yield* on(nodes, round, putCredential(organizationId))
      const late = Option.getOrThrow(yield* on(nodes, round, lease(credential, moment(0), moment(35))))
      const tokens = makeTokens()
      const takeover = Effect.map(lease(late, moment(36), moment(70)), Option.isSome)
      const outcomes = yield* atOnce(
        nodes,
        times(12, (index) => (index === round % 12 ? release(late, tokens) : takeover)),
        round,
      )
      expect(outcomes.filter((isDone) => isDone)).toHaveLength(1)
      const found = Option.getOrThrow(yield* on(nodes, round + 1, find(credential)))
      const expected = outcomes[round % 12]
        ? { ...late, tokens, version: 3, leasedUntil: null }
        : { ...late, version: 3, leasedUntil: moment(70) }
      expect(readableCredential(found)).toStrictEqual(readableCredential(expected))
    }
  }),

  "of many credentials of one user one stays, and each of the others is returned once": Effect.fnUntraced(
    function* (nodes) {
      for (const round of rounds(10)) {
        const organizationId = uniqueName("org")
        const candidates = times(12, () => makeCredential(organizationId))
        const replaced = yield* atOnce(nodes, candidates.map(put), round)
        const [last] = candidates
        const stored = last === undefined ? Option.none() : yield* on(nodes, round + 1, find(last))
        const seen = [...replaced, stored].flatMap(Option.toArray)
        expect(idsOf(seen).toSorted()).toStrictEqual(idsOf(candidates).toSorted())
        for (const credential of seen) {
          const made = candidates.find(({ id }) => id === credential.id)
          expect(readableCredential(credential)).toStrictEqual(made && readableCredential(made))
        }
      }
    },
  ),

  "a refresh that ends while its user signs in anew or out changes neither": Effect.fnUntraced(
    function* (nodes) {
      const organizationId = uniqueName("org")
      for (const round of rounds(20)) {
        const credential = yield* on(nodes, round, putCredential(organizationId))
        const leased = Option.getOrThrow(yield* on(nodes, round, lease(credential, moment(0), moment(35))))
        const next = makeCredential(organizationId)
        const refresh = Effect.as(release(leased, makeTokens()), undefined)
        const signIn = Effect.as(put(next), undefined)
        const signOut = Effect.as(remove(credential), undefined)
        const isSignIn = round % 2 === 0
        yield* atOnce(nodes, isSignIn ? [refresh, signIn] : [signOut, refresh], round)
        const found = yield* on(nodes, round + 1, find(credential))
        expect(readableOption(found)).toStrictEqual(
          isSignIn ? Option.some(readableCredential(next)) : Option.none(),
        )
      }
    },
  ),

  "of many that remove a credential one gets it, and what comes meanwhile stays or is removed":
    Effect.fnUntraced(function* (nodes) {
      const organizationId = uniqueName("org")
      for (const round of rounds(20)) {
        const [first, second] = [makeCredential(organizationId), makeCredential(organizationId)]
        yield* on(nodes, round, put(first))
        const removal = Effect.map(remove(first), Option.toArray)
        const removalOfAll = CredentialStore.use((credentials) =>
          credentials.removeAll(organizationId, first.resource),
        )
        const arrival = Effect.map(put(second), Option.toArray)
        const returned = yield* atOnce(
          nodes,
          round % 2 === 0
            ? [removal, removalOfAll, arrival, removal]
            : [arrival, removal, removalOfAll, removalOfAll],
          round,
        )
        const stored = Option.toArray(yield* on(nodes, round + 1, remove(first)))
        const ids = idsOf([...returned.flat(), ...stored])
        expect(ids.toSorted()).toStrictEqual([first.id, second.id].toSorted())
      }
    }),
}

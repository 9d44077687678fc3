import { type Authorization, AuthorizationStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { atOnce, on } from "./atOnce.ts"
import { fromNow, insertAuthorization, makeAuthorization } from "./makeAuthorization.ts"
import type { RaceCase } from "./onNodes.ts"
import { outcome } from "./outcome.ts"
import { quietly } from "./quietly.ts"
import { rounds, times } from "./times.ts"

const claim = (authorization: Authorization) =>
  AuthorizationStore.use((authorizations) => authorizations.claim(authorization, fromNow(0)))
const insert = (authorization: Authorization) =>
  AuthorizationStore.use((authorizations) => authorizations.insert(authorization))

/** Sign-ins that are begun, answered and forgotten at once. */
export const authorizationRaces: Readonly<Record<string, RaceCase>> = {
  "of many answers to one sign-in one is taken": Effect.fnUntraced(function* (nodes) {
    for (const round of rounds(5)) {
      const authorization = yield* on(nodes, round, insertAuthorization(uniqueName("org")))
      const claims = yield* atOnce(
        nodes,
        times(50, () => claim(authorization)),
        round,
      )
      expect(claims.filter((isGranted) => isGranted)).toHaveLength(1)
      const found = yield* on(
        nodes,
        round + 1,
        AuthorizationStore.use((authorizations) => authorizations.findByState(authorization.stateHash)),
      )
      expect(Option.map(found, ({ state }) => state)).toStrictEqual(Option.some({ type: "exchanging" }))
    }
  }),

  "of many sign-ins of one state one is begun": Effect.fnUntraced(function* (nodes) {
    const organizationId = uniqueName("org")
    const { stateHash } = makeAuthorization(organizationId)
    const candidates = times(12, () => makeAuthorization(organizationId, { stateHash }))
    const outcomes = yield* atOnce(
      nodes,
      candidates.map((authorization) => quietly(outcome(insert(authorization)))),
    )
    expect(outcomes.toSorted()).toStrictEqual([...times(11, () => "StoreError"), "succeeded"])
    const winner = candidates[outcomes.indexOf("succeeded")]
    for (const index of nodes.keys()) {
      const found = yield* on(
        nodes,
        index,
        AuthorizationStore.use((authorizations) => authorizations.findByState(stateHash)),
      )
      expect(Option.map(found, ({ id }) => id)).toStrictEqual(Option.fromUndefinedOr(winner?.id))
    }
  }),

  "many that are begun at once forget those that have expired, and no other": Effect.fnUntraced(
    function* (nodes) {
      const organizationId = uniqueName("org")
      const make = (seconds: number) => makeAuthorization(organizationId, { expiresAt: fromNow(seconds) })
      const living: Array<Authorization> = []
      const expired: Array<Authorization> = []
      for (const round of rounds(5)) {
        const begun = times(20, (index) => make(index % 2 === 0 ? 600 : -1 - index))
        yield* atOnce(nodes, begun.map(insert), round)
        living.push(...begun.filter((_, index) => index % 2 === 0))
        expired.push(...begun.filter((_, index) => index % 2 === 1))
      }
      for (const index of rounds(expired.length)) yield* on(nodes, index, insert(make(600)))
      const isThere = (authorization: Authorization) =>
        Effect.map(
          AuthorizationStore.use((authorizations) => authorizations.get(organizationId, authorization.id)),
          Option.isSome,
        )
      const livingThere = yield* atOnce(nodes, living.map(isThere))
      expect(livingThere).toStrictEqual(living.map(() => true))
      const expiredThere = yield* atOnce(nodes, expired.map(isThere))
      expect(expiredThere).toStrictEqual(expired.map(() => false))
    },
  ),
}

import { type Authorization, type AuthorizationStore } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { authorizationServer } from "../../src/storage-suite/makeCredential.ts"
import type { Fault, FaultyPorts } from "./memoryStorage.ts"

type Authorizations = AuthorizationStore["Service"]

/** A store of sign-ins that differs in some methods. */
const authorizationsWith =
  (change: (authorizations: Authorizations) => Partial<Authorizations>): Fault =>
  ({ authorizations }) => ({ authorizations: { ...authorizations, ...change(authorizations) } })

/** What a store of sign-ins may get wrong, and cases that must find it. */
export const authorizationFaults: Readonly<Record<string, FaultyPorts>> = {
  "a sign-in that is claimed twice": {
    fault: authorizationsWith(({ findByState, finish }) => ({
      claim: (authorization, now) =>
        Effect.gen(function* () {
          const current = Option.getOrUndefined(yield* findByState(authorization.stateHash))
          if (current?.state.type !== "waiting" || DateTime.isLessThan(current.expiresAt, now)) return false
          yield* Effect.yieldNow
          yield* finish(current, { type: "exchanging" })
          return true
        }),
    })),
    foundBy: [
      "sign-ins, many callers of one node: of many answers to one sign-in one is taken",
      "sign-ins, callers of two nodes: of many answers to one sign-in one is taken",
    ],
  },
  "a claim whatever the state": {
    fault: authorizationsWith(({ claim, findByState, finish }) => ({
      claim: (authorization, now) =>
        Effect.gen(function* () {
          if (yield* claim(authorization, now)) return true
          const current = yield* findByState(authorization.stateHash)
          if (Option.isNone(current) || DateTime.isLessThan(current.value.expiresAt, now)) return false
          yield* finish(current.value, { type: "exchanging" })
          return true
        }),
    })),
    foundBy: ["sign-ins: a sign-in is claimed once, and never when it is over"],
  },
  "a claim whatever the time": {
    fault: authorizationsWith(({ claim }) => ({
      claim: (authorization) => claim(authorization, DateTime.makeUnsafe(0)),
    })),
    foundBy: ["sign-ins: a sign-in that has expired cannot be claimed"],
  },
  "a claim whatever the organization": {
    fault: authorizationsWith(({ claim, findByState }) => ({
      claim: (authorization, now) =>
        Effect.flatMap(findByState(authorization.stateHash), (found) =>
          claim(
            Option.getOrElse(found, () => authorization),
            now,
          ),
        ),
    })),
    foundBy: [
      "owners of credentials and sign-ins: another organization's sign-in looks as if it were not there, but for who brings its state",
    ],
  },
  "a sign-in in any organization": {
    fault: (ports) => {
      const inserted = new Map<string, Authorization>()
      return authorizationsWith(({ get, insert }) => ({
        insert: (authorization) => {
          inserted.set(authorization.id, authorization)
          return insert(authorization)
        },
        get: (organizationId, id) => get(inserted.get(id)?.organizationId ?? organizationId, id),
      }))(ports)
    },
    foundBy: [
      "owners of credentials and sign-ins: another organization's sign-in looks as if it were not there, but for who brings its state",
    ],
  },
  "nothing is ever forgotten": {
    fault: (ports) => {
      const kept = new Map<string, Authorization>()
      return authorizationsWith(({ findByState, insert }) => ({
        insert: (authorization) => {
          kept.set(authorization.stateHash, authorization)
          return insert(authorization)
        },
        findByState: (stateHash) =>
          Effect.map(findByState(stateHash), (found) =>
            Option.orElse(found, () => Option.fromUndefinedOr(kept.get(stateHash))),
          ),
      }))(ports)
    },
    foundBy: ["sign-ins: of those that have expired nothing is left when others have been begun"],
  },
  "a state whatever its case": {
    fault: (ports) => {
      const hashes = new Map<string, string>()
      return authorizationsWith(({ findByState, insert }) => ({
        insert: (authorization) => {
          hashes.set(authorization.stateHash.toLowerCase(), authorization.stateHash)
          return insert(authorization)
        },
        findByState: (stateHash) => findByState(hashes.get(stateHash.toLowerCase()) ?? stateHash),
      }))(ports)
    },
    foundBy: ["sign-ins: an id or a state that is no sign-in's is not found, whatever it is"],
  },
  "a state that is begun twice": {
    fault: authorizationsWith(({ insert }) => ({
      insert: (authorization) => Effect.ignore(insert(authorization)),
    })),
    foundBy: [
      "sign-ins: an id or a state that is in use is not stored a second time",
      "sign-ins, many callers of one node: of many sign-ins of one state one is begun",
    ],
  },
  "a failure without its reason": {
    fault: authorizationsWith(({ finish }) => ({
      finish: (authorization, state) =>
        finish(authorization, state.type === "failed" ? { ...state, message: "" } : state),
    })),
    foundBy: ["sign-ins: what becomes of a sign-in is kept, and of the others nothing changes"],
  },
  "an authorization server as it usually is": {
    fault: authorizationsWith(({ insert }) => ({
      insert: (authorization) => insert({ ...authorization, authorizationServer }),
    })),
    foundBy: ["texts of credentials and sign-ins: a sign-in comes back as it was: quotes"],
  },
}

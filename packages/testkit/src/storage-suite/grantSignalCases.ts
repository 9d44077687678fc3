import { AuthorizationStore, CredentialStore } from "@mooring/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scheduler from "effect/Scheduler"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import {
  aboutOrganization,
  authorizationChanged,
  credentialChanged,
  grantState,
  refresh,
} from "./grantSignals.ts"
import { fromNow, insertAuthorization, makeAuthorization } from "./makeAuthorization.ts"
import { makeCredential, makeTokens, moment, ownerOf, putCredential } from "./makeCredential.ts"
import { listenReading, listenResumed } from "./SignalLog.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"
import { rounds } from "./times.ts"

/** What a node is told of credentials and sign-ins that it changes itself. */
export const grantSignalCases: StorageCases = {
  "every change is told before its method returns": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const authorizations = yield* AuthorizationStore
      const organizationId = uniqueName("org")
      const log = yield* listenResumed()
      const isTold = Effect.fnUntraced(function* (
        what: string,
        change: Effect.Effect<unknown, unknown, CredentialStore>,
        signals: ReadonlyArray<unknown>,
      ) {
        const before = aboutOrganization(log, organizationId).length
        yield* change
        const told = aboutOrganization(log, organizationId).slice(before)
        for (const signal of signals) expect(told, what).toContainEqual(signal)
      })

      // Thousands of characters are told, too.
      for (const resource of ["https://mcp.example/mcp", `https://mcp.example/${"x".repeat(7_980)}`]) {
        const owner = ownerOf(makeCredential(organizationId, { resource }))
        const changed = [credentialChanged(owner)]
        yield* isTold("put", putCredential(organizationId, { resource }), changed)
        yield* isTold("put again", putCredential(organizationId, { resource }), changed)
        yield* isTold("release", refresh(owner), changed)
        yield* isTold("remove", credentials.remove(owner), changed)
        yield* putCredential(organizationId, { resource })
        yield* putCredential(organizationId, { resource, userId: "bob" })
        yield* isTold("removeAll", credentials.removeAll(organizationId, resource), [
          ...changed,
          credentialChanged({ ...owner, userId: "bob" }),
        ])
      }

      for (const state of [
        { type: "completed" },
        { type: "failed", code: "access_denied", message: "Connect again." },
      ] as const) {
        const authorization = yield* insertAuthorization(organizationId)
        yield* isTold("claim", authorizations.claim(authorization, fromNow(0)), [
          authorizationChanged(organizationId, authorization.id),
        ])
        yield* isTold(state.type, authorizations.finish(authorization, state), [
          authorizationChanged(organizationId, authorization.id),
        ])
      }
    }),
  ),

  "who reads when told of a change reads what it has changed": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const authorizations = yield* AuthorizationStore
      const organizationId = uniqueName("org")
      const owner = ownerOf(makeCredential(organizationId))
      const authorization = yield* insertAuthorization(organizationId)
      const { notes } = yield* listenReading(grantState(owner, authorization.id))
      yield* putCredential(organizationId)
      expect(notes).toContain("credential_changed: version 1, waiting")
      yield* refresh(owner)
      expect(notes).toContain("credential_changed: version 3, waiting")
      yield* putCredential(organizationId, { version: 7 })
      expect(notes).toContain("credential_changed: version 7, waiting")
      yield* authorizations.claim(authorization, fromNow(0))
      expect(notes).toContain("authorization_changed: version 7, exchanging")
      yield* authorizations.finish(authorization, { type: "completed" })
      expect(notes).toContain("authorization_changed: version 7, completed")
      yield* credentials.removeAll(organizationId, owner.resource)
      expect(notes).toContain("credential_changed: none, completed")
    }),
  ),

  "what is refused or not there is not told": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const authorizations = yield* AuthorizationStore
      const [organizationId, stranger] = [uniqueName("org"), uniqueName("org")]
      const credential = yield* putCredential(organizationId)
      const leased = Option.getOrThrow(yield* credentials.lease(credential, moment(0), moment(35)))
      const authorization = yield* insertAuthorization(organizationId)
      const log = yield* listenResumed()
      const attempts = {
        lateRelease: credentials.release(credential, makeTokens()),
        foreignRelease: credentials.release({ ...leased, organizationId: stranger }, makeTokens()),
        foreignRemoval: credentials.remove({ ...ownerOf(credential), organizationId: stranger }),
        foreignRemovalOfAll: credentials.removeAll(stranger, credential.resource),
        removalOfNone: credentials.remove({ ...ownerOf(credential), userId: "bob" }),
        foreignEnd: authorizations.finish(
          { ...authorization, organizationId: stranger },
          { type: "completed" },
        ),
        endOfNone: authorizations.finish(makeAuthorization(organizationId), { type: "completed" }),
      }
      for (const [attempt, effect] of Object.entries(attempts)) {
        yield* effect
        for (const organization of [organizationId, stranger]) {
          expect(aboutOrganization(log, organization), attempt).toStrictEqual([])
        }
      }
      // What is told late has had its chance when another change has been told.
      yield* credentials.remove(ownerOf(credential))
      for (const signal of aboutOrganization(log, organizationId)) {
        expect(signal).toStrictEqual(credentialChanged(credential))
      }
    }),
  ),

  "a change is told although its caller has gone away": onNode(
    Effect.gen(function* () {
      const credentials = yield* CredentialStore
      const organizationId = uniqueName("org")
      const log = yield* listenResumed()
      for (const round of rounds(60)) {
        const userId = `user ${round}`
        const resource = `https://mcp.example/${round}`
        const owner = { organizationId, userId, resource }
        const isRemoval = round % 2 === 0
        if (isRemoval) yield* putCredential(organizationId, owner)
        const before = log.notes.length
        const change: Effect.Effect<unknown, unknown> = isRemoval
          ? credentials.removeAll(organizationId, resource)
          : credentials.put(makeCredential(organizationId, owner))
        // Some go after a few steps, for what is done in the process, some after a while, for what a database does.
        const fiber = yield* Effect.forkChild(
          Effect.provideService(change, Scheduler.MaxOpsBeforeYield, 4 + (round % 11)),
        )
        if (round < 30) yield* Effect.repeat(Effect.yieldNow, { times: Math.floor(round / 3) })
        else yield* Effect.timeoutOption(Fiber.await(fiber), Duration.micros(BigInt((round - 30) * 100)))
        yield* Fiber.interrupt(fiber)
        // What is still being done in the background ends before this, or did not begin.
        const isThere = Option.isSome(yield* credentials.find(owner))
        if (isThere !== isRemoval) {
          yield* log.soon(
            (signal, index) => index >= before && Equal.equals(signal, credentialChanged(owner)),
            `the change of ${resource}`,
          )
        }
      }
    }),
  ),
}

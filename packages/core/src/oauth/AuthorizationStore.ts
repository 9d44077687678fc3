import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { MemoryTables } from "../storage/MemoryTables.ts"
import { StoreError } from "../storage/StoreError.ts"
import { SignalHub } from "../storage/StoreSignals.ts"
import type { Authorization, AuthorizationState } from "./Authorization.ts"

/**
 * Where sign-ins are kept until they are over (a port). Those that have expired may be forgotten at any time. The
 * signal `authorization_changed` tells when one was claimed, and when it has ended. An implementation must pass
 * `storageSuite` of `@mooring/testkit`.
 */
export class AuthorizationStore extends Context.Service<
  AuthorizationStore,
  {
    /** Fails with `StoreError` where the id or the state is another's. */
    readonly insert: (authorization: Authorization) => Effect.Effect<void, StoreError>
    readonly get: (
      organizationId: string,
      id: string,
    ) => Effect.Effect<Option.Option<Authorization>, StoreError>
    /** The one that a callback is for. It belongs to no organization yet: the state is what proves it. */
    readonly findByState: (stateHash: string) => Effect.Effect<Option.Option<Authorization>, StoreError>
    /**
     * Takes it from `waiting` on, once: of any number that try, one gets true. False also where it has expired.
     */
    readonly claim: (authorization: Authorization, now: DateTime.Utc) => Effect.Effect<boolean, StoreError>
    readonly finish: (
      authorization: Authorization,
      state: AuthorizationState,
    ) => Effect.Effect<void, StoreError>
  }
>()("@mooring/core/oauth/AuthorizationStore") {
  /** Keeps sign-ins in this process; they are gone when it ends. */
  static readonly layerMemory = Layer.effect(
    AuthorizationStore,
    Effect.gen(function* () {
      const { authorizations } = yield* MemoryTables
      const { publish } = yield* SignalHub
      const changed = (organizationId: string, authorizationId: string) =>
        publish({ type: "authorization_changed", organizationId, authorizationId })
      const forgetExpired = (now: DateTime.Utc) => {
        for (const [id, { expiresAt }] of authorizations) {
          if (DateTime.isLessThan(expiresAt, now)) authorizations.delete(id)
        }
      }

      const find = (organizationId: string, id: string) =>
        Option.filter(
          Option.fromUndefinedOr(authorizations.get(id)),
          (found) => found.organizationId === organizationId,
        )
      const findByState = (stateHash: string) =>
        Option.fromUndefinedOr([...authorizations.values()].find((found) => found.stateHash === stateHash))

      return AuthorizationStore.of({
        insert: (authorization) =>
          Effect.flatMap(DateTime.now, (now) => {
            forgetExpired(now)
            if (authorizations.has(authorization.id) || Option.isSome(findByState(authorization.stateHash))) {
              const cause = new Error("The id or the state is another sign-in's.")
              return Effect.fail(new StoreError({ operation: "AuthorizationStore.insert", cause }))
            }
            authorizations.set(authorization.id, authorization)
            return Effect.void
          }),
        get: (organizationId, id) => Effect.sync(() => find(organizationId, id)),
        findByState: (stateHash) => Effect.sync(() => findByState(stateHash)),
        claim: ({ id, organizationId }, now) =>
          Effect.suspend(() => {
            const current = Option.getOrUndefined(find(organizationId, id))
            if (current?.state.type !== "waiting" || DateTime.isLessThan(current.expiresAt, now)) {
              return Effect.succeed(false)
            }
            authorizations.set(id, { ...current, state: { type: "exchanging" } })
            return Effect.as(changed(organizationId, id), true)
          }).pipe(Effect.uninterruptible),
        finish: ({ id, organizationId }, state) =>
          Effect.suspend(() => {
            const current = Option.getOrUndefined(find(organizationId, id))
            if (current === undefined) return Effect.void
            authorizations.set(id, { ...current, state })
            return changed(organizationId, id)
          }).pipe(Effect.uninterruptible),
      })
    }),
  )
}

import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { MemoryTables } from "../storage/MemoryTables.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { SignalHub } from "../storage/StoreSignals.ts"
import type { Challenge } from "../transport/Challenge.ts"
import type { Credential, CredentialOwner, Tokens } from "./Credential.ts"

/**
 * Where the credentials of users are kept (a port), one at most for each owner, and beside them what an owner's sign-in
 * is wanted for. Every change of a credential is told by the signal `credential_changed`; that somebody claims the
 * refresh changes nothing for others. An implementation must pass `storageSuite` of `@mooring/testkit`.
 */
export class CredentialStore extends Context.Service<
  CredentialStore,
  {
    readonly find: (owner: CredentialOwner) => Effect.Effect<Option.Option<Credential>, StoreError>
    /**
     * Takes the place of the owner's earlier one, which is returned: it is of no use any more. What was wanted of the
     * owner is forgotten: it says nothing of this one.
     */
    readonly put: (credential: Credential) => Effect.Effect<Option.Option<Credential>, StoreError>
    /**
     * Claims the refresh of a credential until a time: none where another has the claim, or the credential is no
     * longer at this version. What is returned is the credential at its new version, which ends older claims.
     */
    readonly lease: (
      credential: Credential,
      now: DateTime.Utc,
      until: DateTime.Utc,
    ) => Effect.Effect<Option.Option<Credential>, StoreError>
    /** Ends a claim, with new tokens or as they were. False where the claim has been lost meanwhile: nothing is written. */
    readonly release: (leased: Credential, tokens: Tokens) => Effect.Effect<boolean, StoreError>
    /**
     * Sets what the MCP server wants of the owner, who may have a credential or none; null forgets it. That is not
     * told: it changes nothing for whoever uses the tokens.
     */
    readonly want: (owner: CredentialOwner, challenge: Challenge | null) => Effect.Effect<void, StoreError>
    readonly findWanted: (owner: CredentialOwner) => Effect.Effect<Option.Option<Challenge>, StoreError>
    /** Removes the credential, and what is wanted of its owner, each if there is one. */
    readonly remove: (owner: CredentialOwner) => Effect.Effect<Option.Option<Credential>, StoreError>
    /** The same for all users of the organization. */
    readonly removeAll: (
      organizationId: string,
      resource: string,
    ) => Effect.Effect<ReadonlyArray<Credential>, StoreError>
  }
>()("@mooring/core/oauth/CredentialStore") {
  /** Keeps credentials in this process; they are gone when it ends. */
  static readonly layerMemory = Layer.effect(
    CredentialStore,
    Effect.gen(function* () {
      const { credentials, wanted } = yield* MemoryTables
      const { publish } = yield* SignalHub

      const changed = ({ organizationId, resource, userId }: CredentialOwner) =>
        publish({ type: "credential_changed", organizationId, resource, userId })
      const keyOf = ({ organizationId, resource, userId }: CredentialOwner) =>
        JSON.stringify([organizationId, userId, resource])
      const find = (owner: CredentialOwner) => Option.fromUndefinedOr(credentials.get(keyOf(owner)))

      return CredentialStore.of({
        find: (owner) => Effect.sync(() => find(owner)),
        put: (credential) =>
          Effect.suspend(() => {
            const earlier = find(credential)
            credentials.set(keyOf(credential), credential)
            wanted.delete(keyOf(credential))
            return Effect.as(changed(credential), earlier)
          }).pipe(Effect.uninterruptible),
        lease: (credential, now, until) =>
          Effect.sync(() => {
            const current = credentials.get(keyOf(credential))
            if (
              current === undefined ||
              current.id !== credential.id ||
              current.version !== credential.version
            )
              return Option.none()
            if (current.leasedUntil !== null && DateTime.isGreaterThan(current.leasedUntil, now))
              return Option.none()
            const leased = { ...current, version: current.version + 1, leasedUntil: until }
            credentials.set(keyOf(credential), leased)
            return Option.some(leased)
          }),
        release: (leased, tokens) =>
          Effect.suspend(() => {
            const current = credentials.get(keyOf(leased))
            if (current === undefined || current.id !== leased.id || current.version !== leased.version)
              return Effect.succeed(false)
            credentials.set(keyOf(leased), {
              ...current,
              tokens,
              version: leased.version + 1,
              leasedUntil: null,
            })
            return Effect.as(changed(leased), true)
          }).pipe(Effect.uninterruptible),
        want: (owner, challenge) =>
          Effect.sync(() => {
            if (challenge === null) wanted.delete(keyOf(owner))
            else wanted.set(keyOf(owner), { owner, challenge })
          }),
        findWanted: (owner) => Effect.sync(() => Option.fromUndefinedOr(wanted.get(keyOf(owner))?.challenge)),
        remove: (owner) =>
          Effect.suspend(() => {
            const found = find(owner)
            credentials.delete(keyOf(owner))
            wanted.delete(keyOf(owner))
            return Effect.as(Option.isSome(found) ? changed(owner) : Effect.void, found)
          }).pipe(Effect.uninterruptible),
        removeAll: (organizationId, resource) =>
          Effect.suspend(() => {
            const isTheirs = (owner: CredentialOwner) =>
              owner.organizationId === organizationId && owner.resource === resource
            const owned = [...credentials.values()].filter(isTheirs)
            for (const [key, { owner }] of wanted) if (isTheirs(owner)) wanted.delete(key)
            // All are gone before the first listener is called, which may let others go on.
            for (const credential of owned) credentials.delete(keyOf(credential))
            return Effect.as(Effect.forEach(owned, changed), owned)
          }).pipe(Effect.uninterruptible),
      })
    }),
  )
}

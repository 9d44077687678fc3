import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { Options } from "../Options.ts"
import { Egress } from "../security/egress/Egress.ts"
import { remember } from "../storage/remember.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { StoreSignals } from "../storage/StoreSignals.ts"
import type { Challenge } from "../transport/Challenge.ts"
import type { AuthorizationFailed } from "./AuthorizationFailed.ts"
import { ClientRegistrations } from "./ClientRegistrations.ts"
import type { Credential, CredentialOwner } from "./Credential.ts"
import { CredentialStore } from "./CredentialStore.ts"
import { endsSoon } from "./endsSoon.ts"
import { isOwnedBy } from "./isOwnedBy.ts"
import { joinChallenges } from "./joinChallenges.ts"
import { renewCredential } from "./renewCredential.ts"
import { revokeCredential } from "./revokeCredential.ts"

type Found = Effect.Effect<Option.Option<Credential>, AuthorizationFailed | StoreError>

/** The credentials of users for MCP servers: found, renewed by one node at a time, and given up. */
export class Credentials extends Context.Service<
  Credentials,
  {
    /**
     * A user's credential for a server, if there is one, whose access token can be used: renewed where it is about to
     * end. It is remembered on this node, so that a warm run asks the store nothing.
     */
    readonly current: (owner: CredentialOwner) => Found
    /**
     * Renews the one whose access token an MCP server has refused. Of any number of calls, on any number of nodes, one
     * asks the authorization server. None where the user has to sign in again.
     */
    readonly renew: (owner: CredentialOwner, refused: Redacted.Redacted<string>) => Found
    /** Has it read anew next time, for who knows of a change that is not told yet. */
    readonly forget: (owner: CredentialOwner) => Effect.Effect<void>
    /** Whether there is one, of use or not. */
    readonly isSignedIn: (owner: CredentialOwner) => Effect.Effect<boolean, StoreError>
    /**
     * Remembers what a server demanded of a user when a tool was run, whether or not they have signed in to it: a list of
     * its tools would not tell. It is forgotten when they have signed in, and when they sign out.
     */
    readonly want: (owner: CredentialOwner, challenge: Challenge) => Effect.Effect<void, StoreError>
    readonly wanted: (owner: CredentialOwner) => Effect.Effect<Option.Option<Challenge>, StoreError>
    readonly forgetWanted: (owner: CredentialOwner) => Effect.Effect<void, StoreError>
    /** Removes a user's credential for a server here, and revokes it there. */
    readonly signOut: (owner: CredentialOwner) => Effect.Effect<void, StoreError>
    /** The same for all users of an organization that has removed the server. */
    readonly signOutAll: (organizationId: string, resource: string) => Effect.Effect<void, StoreError>
  }
>()("@mooring/core/oauth/Credentials") {
  static readonly layer = Layer.effect(
    Credentials,
    Effect.gen(function* () {
      const store = yield* CredentialStore
      const signals = yield* StoreSignals
      const { fetchDocument: fetch } = yield* Egress
      const { limits, oauth } = yield* Options
      // What has been asked of an authorization server is followed to its end, whoever has left meanwhile: a refresh
      // token is often good for one use.
      const scope = yield* Effect.scope
      const remembered = yield* remember({
        signals,
        read: (owner: Pick<CredentialOwner, keyof CredentialOwner>) => store.find(owner),
        concerns: isOwnedBy,
        labelOf: ({ resource, userId }) => `${userId} ${resource}`,
        capacity: limits.rememberedTools,
        millis: limits.rememberMs,
      })
      const renewOnce = renewCredential(
        store,
        signals,
        fetch,
        limits.oauthStepTimeoutMs,
        oauth.clients,
        yield* ClientRegistrations,
      )
      const renewals = new Map<
        string,
        Fiber.Fiber<Option.Option<Credential>, AuthorizationFailed | StoreError>
      >()

      const renew = (owner: CredentialOwner, refused: Redacted.Redacted<string>): Found =>
        Effect.suspend(() => {
          const key = JSON.stringify([owner.organizationId, owner.userId, owner.resource])
          const running = renewals.get(key)
          if (running !== undefined) return Fiber.join(running)
          return Effect.uninterruptibleMask((restore) =>
            renewOnce(owner, refused).pipe(
              // What another node has renewed may be read before it is told: nobody must be given the old one again.
              Effect.tap(() => remembered.forget(ownerOf(owner))),
              Effect.ensuring(Effect.sync(() => renewals.delete(key))),
              Effect.forkIn(scope),
              Effect.tap((fiber) => Effect.sync(() => renewals.set(key, fiber))),
              Effect.flatMap((fiber) => restore(Fiber.join(fiber))),
            ),
          )
        })

      const current = Effect.fnUntraced(function* (owner: CredentialOwner) {
        const found = yield* remembered.get(ownerOf(owner))
        if (Option.isNone(found)) return found
        const { tokens } = found.value
        const { accessToken, expiresAt, refreshToken } = tokens
        if (expiresAt === null || refreshToken === null) return found
        if (!endsSoon(tokens, yield* Clock.currentTimeMillis)) return found
        return yield* renew(owner, accessToken).pipe(
          // As long as the old one can be used, a fault of the authorization server harms nobody.
          Effect.catchTag("AuthorizationFailed", (failure) =>
            Effect.flatMap(DateTime.now, (now) =>
              DateTime.isGreaterThan(expiresAt, now) ? Effect.succeed(found) : Effect.fail(failure),
            ),
          ),
        )
      })

      const revokeAll = (credentials: ReadonlyArray<Credential>) =>
        Effect.forEach(
          credentials,
          (credential) => revokeCredential(fetch, limits.oauthStepTimeoutMs, oauth.clients, credential),
          { concurrency: 4, discard: true },
        ).pipe(Effect.forkIn(scope), Effect.asVoid)

      const want = Effect.fnUntraced(function* (owner: CredentialOwner, challenge: Challenge) {
        const earlier = Option.getOrNull(yield* store.findWanted(owner))
        yield* store.want(owner, joinChallenges(earlier, challenge))
      })

      return Credentials.of({
        forget: (owner) => remembered.forget(ownerOf(owner)),
        isSignedIn: (owner) => Effect.map(store.find(owner), Option.isSome),
        want,
        wanted: store.findWanted,
        forgetWanted: (owner) => store.want(owner, null),
        current,
        renew,
        signOut: (owner) =>
          Effect.flatMap(store.remove(owner), (removed) => revokeAll(Option.toArray(removed))),
        signOutAll: (organizationId, resource) =>
          Effect.flatMap(store.removeAll(organizationId, resource), revokeAll),
      })
    }),
  )
}

/** Without whatever else it brings along. */
const ownerOf = ({ organizationId, resource, userId }: CredentialOwner) => ({
  organizationId,
  userId,
  resource,
})

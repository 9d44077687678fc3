import * as Context from "effect/Context"
import * as Data from "effect/Data"
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
import type { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { Credential, CredentialOwner } from "./Credential.ts"
import { CredentialStore } from "./CredentialStore.ts"
import { isOwnedBy } from "./isOwnedBy.ts"
import { renewCredential } from "./renewCredential.ts"
import { revokeCredential } from "./revokeCredential.ts"

/** How long before its end a token is renewed. */
const aheadMs = 30_000

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
      const { fetch } = yield* Egress
      const { limits } = yield* Options
      // What has been asked of an authorization server is followed to its end, whoever has left meanwhile: a refresh
      // token is often good for one use.
      const scope = yield* Effect.scope
      const find = yield* remember({
        signals,
        read: (owner: OwnerKey) => store.find(owner),
        concerns: isOwnedBy,
        capacity: limits.rememberedTools,
        millis: limits.rememberMs,
      })
      const renewOnce = renewCredential(store, signals, fetch, limits.oauthStepTimeoutMs)
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
              Effect.ensuring(Effect.sync(() => renewals.delete(key))),
              Effect.forkIn(scope),
              Effect.tap((fiber) => Effect.sync(() => renewals.set(key, fiber))),
              Effect.flatMap((fiber) => restore(Fiber.join(fiber))),
            ),
          )
        })

      const current = Effect.fnUntraced(function* (owner: CredentialOwner) {
        const found = yield* find(new OwnerKey(owner))
        if (Option.isNone(found)) return found
        const { accessToken, expiresAt, refreshToken } = found.value.tokens
        const soon = DateTime.add(yield* DateTime.now, { milliseconds: aheadMs })
        if (expiresAt === null || refreshToken === null || DateTime.isGreaterThan(expiresAt, soon))
          return found
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
          (credential) => revokeCredential(fetch, limits.oauthStepTimeoutMs, credential),
          { concurrency: 4, discard: true },
        ).pipe(Effect.forkIn(scope), Effect.asVoid)

      return Credentials.of({
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

class OwnerKey extends Data.Class<{
  readonly organizationId: string
  readonly userId: string
  readonly resource: string
}> {}

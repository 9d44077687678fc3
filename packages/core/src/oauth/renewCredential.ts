import { OAuthError, OAuthErrorCode, refreshAuthorization } from "@modelcontextprotocol/client"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { StoreError } from "../storage/StoreError.ts"
import type { StoreSignals } from "../storage/StoreSignals.ts"
import { askAuthorizationServer, type OAuthFetch } from "./askAuthorizationServer.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import { clientAuthentication } from "./clientAuthentication.ts"
import type { ClientRegistrations } from "./ClientRegistrations.ts"
import type { Credential, CredentialOwner } from "./Credential.ts"
import type { CredentialStore } from "./CredentialStore.ts"
import { dpopSession } from "./dpop.ts"
import { isClientUnknown } from "./isClientUnknown.ts"
import { isOwnedBy } from "./isOwnedBy.ts"
import { observeRenewal } from "./observeRenewal.ts"
import type { RegisteredClient } from "./RegisteredClient.ts"
import { toClientInformation, toServerMetadata } from "./toServerMetadata.ts"
import { checkTokens, toTokens } from "./toTokens.ts"

/** A node that died with a claim must not hold up the others for longer than its request could have taken. */
const leaseMarginMs = 5_000

/**
 * Renews a credential whose access token is over (RFC 6749, section 6). Refresh tokens are often good for one use: of
 * any number of nodes one may ask, which claims that in the store; the others wait for what comes of it.
 *
 * @returns none where the user has to sign in again.
 */
export const renewCredential = (
  store: CredentialStore["Service"],
  signals: StoreSignals["Service"],
  fetch: OAuthFetch,
  timeoutMs: number,
  registered: ReadonlyArray<RegisteredClient>,
  registrations: ClientRegistrations["Service"],
) => {
  const renewLeased = Effect.fnUntraced(function* (
    leased: Credential,
    refreshToken: Redacted.Redacted<string>,
  ): Effect.fn.Return<Option.Option<Credential>, AuthorizationFailed | StoreError> {
    let isUnknown = false
    const asked = refresh(fetch, timeoutMs, registered, leased, refreshToken, () => (isUnknown = true))
    return yield* observeRenewal(leased, asked).pipe(
      Effect.matchEffect({
        onSuccess: Effect.fnUntraced(function* (answer) {
          const tokens = toTokens(answer, leased.tokens.scope, yield* DateTime.now)
          yield* store.release(leased, tokens)
          return Option.some({ ...leased, tokens })
        }),
        onFailure: (failure) =>
          failure.code === "token_refused"
            ? removeUnlessReplaced(store, leased).pipe(
                Effect.andThen(
                  isUnknown
                    ? registrations.forget(
                        leased.organizationId,
                        leased.authorizationServer.issuer,
                        leased.client,
                      )
                    : Effect.void,
                ),
                Effect.as(Option.none()),
              )
            : // Whether it was done is not known. What there is stays, to be tried again.
              Effect.andThen(store.release(leased, leased.tokens), Effect.fail(failure)),
      }),
    )
  })

  const attempt = Effect.fnUntraced(function* (
    owner: CredentialOwner,
    refused: Redacted.Redacted<string>,
  ): Effect.fn.Return<
    Option.Option<Credential> | "renewed_elsewhere",
    AuthorizationFailed | StoreError,
    Scope.Scope
  > {
    const change = yield* listenForChange(signals, owner)
    const stored = Option.getOrUndefined(yield* store.find(owner))
    if (stored === undefined) return Option.none()
    // Somebody was faster.
    if (Redacted.value(stored.tokens.accessToken) !== Redacted.value(refused)) {
      return Option.some(stored)
    }
    const { refreshToken } = stored.tokens
    if (refreshToken === null) return Option.none()

    const now = yield* DateTime.now
    const until = DateTime.add(now, { milliseconds: timeoutMs + leaseMarginMs })
    const leased = Option.getOrUndefined(yield* store.lease(stored, now, until))
    if (leased !== undefined) return yield* renewLeased(leased, refreshToken)
    yield* change
    return "renewed_elsewhere"
  }, Effect.scoped)

  return Effect.fnUntraced(function* (
    owner: CredentialOwner,
    refused: Redacted.Redacted<string>,
  ): Effect.fn.Return<Option.Option<Credential>, AuthorizationFailed | StoreError> {
    while (true) {
      const outcome = yield* attempt(owner, refused)
      if (outcome !== "renewed_elsewhere") return outcome
    }
  })
}

const refresh = (
  fetch: OAuthFetch,
  timeoutMs: number,
  registered: ReadonlyArray<RegisteredClient>,
  { authorizationServer, client, dpopKey, resourceIndicator }: Credential,
  refreshToken: Redacted.Redacted<string>,
  clientUnknown: () => void,
) =>
  askAuthorizationServer(
    fetch,
    timeoutMs,
    {
      code: "token_refused",
      problem: "The sign-in to the MCP server is over. Connect again to sign in anew.",
    },
    async (fetch) => {
      let status: number | undefined
      const dpop = dpopKey === null ? {} : { dpop: await dpopSession(dpopKey) }
      const answer = refreshAuthorization(authorizationServer.issuer, {
        metadata: toServerMetadata(authorizationServer),
        clientInformation: toClientInformation(client),
        addClientAuthentication: clientAuthentication(authorizationServer, client, registered),
        refreshToken: Redacted.value(refreshToken),
        ...(resourceIndicator === null ? {} : { resource: resourceIndicator }),
        ...dpop,
        fetchFn: async (input, init) => {
          const response = await fetch(input, init)
          status = response.status
          return response
        },
      })
      const checked = answer.then((tokens) => checkTokens(tokens, dpopKey !== null))
      return checked.catch((error: unknown) => {
        // Nothing was asked.
        if (error instanceof AuthorizationFailed) throw error
        if (isClientUnknown(error)) clientUnknown()
        // A fault of the authorization server's own says nothing of the credential. It is no cause of the new error,
        // in which it would be read as a refusal again.
        throw isRefusal(error, status)
          ? error
          : new TypeError("The authorization server gave no usable answer")
      })
    },
  )

const refusals: ReadonlySet<string> = new Set([
  OAuthErrorCode.InvalidGrant,
  OAuthErrorCode.InvalidClient,
  OAuthErrorCode.UnauthorizedClient,
  OAuthErrorCode.UnsupportedGrantType,
])

/**
 * The client's error tells no status, and takes a body that is not in the form for a fault of the server. Besides the
 * codes that say so, refusals are what comes with 400 or 401 (RFC 6749, section 5.2) whatever is in it, or else a user
 * could never sign in anew; and errors with 200, as some give them. A gateway's 403, 429 or 503 is none.
 */
const isRefusal = (error: unknown, status: number | undefined): boolean =>
  error instanceof OAuthError &&
  (refusals.has(error.code) || status === 200 || status === 400 || status === 401)

/** The user may have signed in anew while we were being refused. */
const removeUnlessReplaced = Effect.fnUntraced(function* (
  store: CredentialStore["Service"],
  refused: Credential,
) {
  const stored = Option.getOrUndefined(yield* store.find(refused))
  if (stored?.id === refused.id) yield* store.remove(refused)
})

/**
 * Listens for another node to be done with a credential, from now on: what waits misses nothing that came before it.
 * Should it go unheard, it is over after a second.
 */
const listenForChange = Effect.fnUntraced(function* (
  signals: StoreSignals["Service"],
  owner: CredentialOwner,
) {
  const changed = yield* Deferred.make<void>()
  yield* signals.listen((signal) =>
    isOwnedBy(signal, owner) ? Deferred.succeed(changed, undefined) : Effect.void,
  )
  return Effect.timeoutOption(Deferred.await(changed), "1 second")
})

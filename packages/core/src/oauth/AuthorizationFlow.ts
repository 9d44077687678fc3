import { startAuthorization } from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { Actor } from "../actors/Actor.ts"
import { prefixedUuid } from "../identifiers.ts"
import { Options } from "../Options.ts"
import { Egress } from "../security/egress/Egress.ts"
import type { ServerOAuth } from "../servers/ServerOAuth.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { StoreSignals } from "../storage/StoreSignals.ts"
import type { Challenge } from "../transport/Challenge.ts"
import { askAuthorizationServer } from "./askAuthorizationServer.ts"
import { type Authorization, AuthorizationId } from "./Authorization.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import { AuthorizationStore } from "./AuthorizationStore.ts"
import type { OAuthHost } from "./clientMetadata.ts"
import { chooseClient } from "./chooseClient.ts"
import { ClientRegistrations } from "./ClientRegistrations.ts"
import type { CredentialOwner } from "./Credential.ts"
import { credentialOwner } from "./credentialOwner.ts"
import { CredentialStore } from "./CredentialStore.ts"
import { discoverAuthorizationServer } from "./discoverAuthorizationServer.ts"
import { joinScopes } from "./joinScopes.ts"
import { oauthHost } from "./oauthHost.ts"
import { newState, stateHash } from "./state.ts"
import { toClientInformation, toServerMetadata } from "./toServerMetadata.ts"

/** The MCP server that is to be signed in to. */
export interface SignInTarget {
  readonly name: string
  readonly serverUrl: string
  readonly oauth: ServerOAuth | null
}

/** A sign-in that waits for its user. */
export interface BegunAuthorization {
  /** The `session_id` of the event `authorization_url`. */
  readonly id: AuthorizationId
  /** Where the user is to be sent. */
  readonly url: string
  /**
   * Ends when the user's answer has been dealt with, on whichever node it arrived; also when the node that was at it is
   * taken to have died.
   */
  readonly outcome: Effect.Effect<void, AuthorizationFailed | StoreError>
}

/** What the exchange of a code may take beside the authorization server's time. */
const exchangeMarginMs = 5_000

/** Begins sign-ins to MCP servers. Their end is told by the callback; see `AuthorizationCallback`. */
export class AuthorizationFlow extends Context.Service<
  AuthorizationFlow,
  {
    /**
     * Finds out where to sign in, becomes known there, and keeps all that is needed to finish, for any node. It is
     * listened to the end for as long as the scope lasts.
     */
    readonly begin: (
      actor: Actor,
      server: SignInTarget,
      challenge: Challenge,
    ) => Effect.Effect<BegunAuthorization, AuthorizationFailed | StoreError, Scope.Scope>
  }
>()("@mooring/core/oauth/AuthorizationFlow") {
  static readonly layer = Layer.effect(
    AuthorizationFlow,
    Effect.gen(function* () {
      const store = yield* AuthorizationStore
      const credentials = yield* CredentialStore
      const registrations = yield* ClientRegistrations
      const signals = yield* StoreSignals
      const egress = yield* Egress
      const options = yield* Options
      const { oauthStepTimeoutMs, signInMs } = options.limits
      const discovery = {
        fetch: egress.fetchDocument,
        timeoutMs: oauthStepTimeoutMs,
        serversWithoutMetadata: options.oauth.serversWithoutMetadata,
      }

      const request = Effect.fnUntraced(function* (
        { organizationId }: Actor,
        { oauth, serverUrl }: SignInTarget,
        challenge: Challenge,
      ) {
        const host = yield* oauthHost(options)
        const known = issuersKnown(host, oauth)
        const found = yield* discoverAuthorizationServer({ ...discovery, known }, serverUrl, challenge)
        if (!found.supportsPkce) return yield* pkceMissing
        const server = found.authorizationServer
        const { client, isReused } = yield* chooseClient(
          host,
          server,
          oauth,
          registrations.get(organizationId, server),
        )
        const scope = joinScopes(
          found.scope,
          oauth?.scopes,
          // Without it most give no refresh token.
          server.scopes.filter((scope) => scope === "offline_access"),
        )
        const state = newState()
        const { authorizationUrl, codeVerifier } = yield* askAuthorizationServer(
          egress.fetchDocument,
          oauthStepTimeoutMs,
          { code: "discovery_failed", problem: "The authorization server of the MCP server cannot be used." },
          () =>
            startAuthorization(server.issuer, {
              metadata: toServerMetadata(server),
              clientInformation: toClientInformation(client),
              redirectUrl: host.redirectUri,
              state: Redacted.value(state),
              ...(scope === null ? {} : { scope }),
              ...(found.resourceIndicator === null ? {} : { resource: found.resourceIndicator }),
            }),
        )
        return {
          authorizationServer: server,
          resourceIndicator: found.resourceIndicator,
          scope,
          client,
          isReused,
          state,
          codeVerifier,
          url: authorizationUrl.href,
          redirectUri: host.redirectUri,
        }
      })

      /** More scopes are asked for together with those that were granted: the new token takes the old one's place. */
      const withGranted = Effect.fnUntraced(function* (owner: CredentialOwner, challenge: Challenge) {
        if (challenge.error !== "insufficient_scope") return challenge
        const granted = Option.getOrUndefined(yield* credentials.find(owner))?.tokens.scope
        return { ...challenge, scope: joinScopes(granted, challenge.scope) }
      })

      const begin = Effect.fnUntraced(function* (actor: Actor, server: SignInTarget, challenge: Challenge) {
        const owner = credentialOwner(actor, server.serverUrl)
        const { state, url, codeVerifier, isReused, ...asked } = yield* request(
          actor,
          server,
          yield* withGranted(owner, challenge),
        )
        const now = yield* DateTime.now
        const authorization: Authorization = {
          ...asked,
          id: AuthorizationId.make(prefixedUuid("mcp_authorization")),
          ...owner,
          serverName: server.name,
          stateHash: yield* stateHash(state),
          codeVerifier: Redacted.make(codeVerifier),
          state: { type: "waiting" },
          expiresAt: DateTime.add(now, { milliseconds: signInMs }),
        }
        yield* store.insert(authorization)
        // Before anybody can answer: nothing is missed.
        const { isAnswered, outcome } = yield* listenTo(authorization)
        if (isReused) yield* Effect.addFinalizer(() => forgetUnanswered(authorization, isAnswered))
        const begun: BegunAuthorization = { id: authorization.id, url, outcome }
        return begun
      })

      /**
       * To a client that it has forgotten, an authorization server shows an error and sends nobody back (RFC 6749, section
       * 4.1.2.1). Whoever gives up in front of that must not get there again.
       */
      const forgetUnanswered = (
        { authorizationServer, client, organizationId }: Authorization,
        isAnswered: Effect.Effect<boolean>,
      ) =>
        Effect.flatMap(isAnswered, (isAnswered) =>
          isAnswered
            ? Effect.void
            : Effect.ignore(registrations.forget(organizationId, authorizationServer.issuer, client)),
        )

      /** What becomes of it; nothing is missed between this and the waiting. */
      const listenTo = Effect.fnUntraced(function* ({ id, organizationId }: Authorization) {
        const ended = yield* Deferred.make<void, AuthorizationFailed>()
        const exchanging = yield* Deferred.make<void>()
        const look = Effect.flatMap(
          store.get(organizationId, id),
          Option.match({
            onNone: () => Effect.void,
            onSome: ({ state }) => {
              switch (state.type) {
                case "completed":
                  return Deferred.succeed(ended, undefined)
                case "failed":
                  return Deferred.fail(ended, failureOf(state))
                case "exchanging":
                  return Deferred.succeed(exchanging, undefined)
                case "waiting":
                  return Effect.void
              }
            },
          }),
        )
        yield* signals.listen((signal) => {
          const concerns =
            signal.type === "resumed" ||
            (signal.type === "authorization_changed" && signal.authorizationId === id)
          // A store that fails now is asked again by the next signal, or when the time is over.
          return concerns ? Effect.ignore(look) : Effect.void
        })
        // The node that exchanges the code may die of that. Another try finds out what it has left.
        const overdue = Deferred.await(exchanging).pipe(
          Effect.andThen(Effect.sleep(oauthStepTimeoutMs + exchangeMarginMs)),
          Effect.andThen(Effect.ignore(look)),
          Effect.andThen(Deferred.succeed(ended, undefined)),
          Effect.andThen(Deferred.await(ended)),
        )
        const outcome = Effect.raceFirst(Deferred.await(ended), overdue).pipe(
          Effect.timeoutOrElse({
            duration: signInMs,
            // It may have ended unheard.
            orElse: Effect.fnUntraced(function* () {
              yield* look
              return yield* (yield* Deferred.isDone(ended)) ? Deferred.await(ended) : Effect.fail(expired)
            }),
          }),
        )
        const isAnswered = Effect.zipWith(
          Deferred.isDone(ended),
          Deferred.isDone(exchanging),
          (isOver, isExchanging) => isOver || isExchanging,
        )
        return { outcome, isAnswered }
      })

      return AuthorizationFlow.of({ begin })
    }),
  )
}

/** Where a client is registered beforehand: the one that is set for the MCP server alone, if there is one. */
const issuersKnown = ({ clients }: OAuthHost, oauth: ServerOAuth | null): ReadonlyArray<string> =>
  oauth?.clientId == null || oauth.issuer === null ? clients.map(({ issuer }) => issuer) : [oauth.issuer]

const pkceMissing = new AuthorizationFailed({
  code: "pkce_not_supported",
  problem:
    "The authorization server of the MCP server does not support PKCE with S256, without which a sign-in can be stolen. Tell its operator.",
})

const expired = new AuthorizationFailed({
  code: "authorization_expired",
  problem: "The sign-in was not finished in time. Connect again to begin a new one.",
})

const failureOf = ({
  code,
  message,
}: {
  readonly code: AuthorizationFailed["code"]
  readonly message: string
}) => new AuthorizationFailed({ code, problem: message })

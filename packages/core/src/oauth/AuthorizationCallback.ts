import { exchangeAuthorization } from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Actor } from "../actors/Actor.ts"
import { prefixedUuid } from "../identifiers.ts"
import { Options } from "../Options.ts"
import { Egress } from "../security/egress/Egress.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { logEvent } from "../telemetry/logEvent.ts"
import { askAuthorizationServer } from "./askAuthorizationServer.ts"
import type { Authorization } from "./Authorization.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import { AuthorizationStore } from "./AuthorizationStore.ts"
import { clientAuthentication } from "./clientAuthentication.ts"
import { ClientRegistrations } from "./ClientRegistrations.ts"
import { CredentialId, type CredentialOwner } from "./Credential.ts"
import { CredentialStore } from "./CredentialStore.ts"
import { newDpopKey } from "./dpop.ts"
import { isClientUnknown, isUnknownClientCode } from "./isClientUnknown.ts"
import { stateHash } from "./state.ts"
import { checkTokens, isDpopBound, toTokens } from "./toTokens.ts"
import { toClientInformation, toServerMetadata } from "./toServerMetadata.ts"

/** The parameters with which an authorization server sends a user back (RFC 6749, section 4.1.2; RFC 9207). */
export interface CallbackParameters {
  readonly state: string
  readonly code: string | undefined
  readonly error: string | undefined
  readonly iss: string | undefined
}

/** What came of a callback, for the page that its user sees. */
export type CallbackOutcome =
  | {
      readonly type: "completed"
      readonly serverName: string
      readonly serverUrl: string
      readonly sessionId: string
    }
  /** Too late, answered before, or never begun: the three look the same. */
  | { readonly type: "expired" }
  /** Somebody else is signed in to the host than the one who began it. Nothing was stored, and the one who did may still answer. */
  | { readonly type: "wrong_user" }
  | { readonly type: "refused"; readonly serverName: string; readonly sessionId: string }
  | {
      readonly type: "failed"
      readonly serverName: string
      readonly sessionId: string | undefined
      readonly failure: AuthorizationFailed
    }

/** Deals with the answers of authorization servers, on whichever node they arrive. */
export class AuthorizationCallback extends Context.Service<
  AuthorizationCallback,
  {
    /** @param actor who is signed in to the host, where that is known. */
    readonly answer: (
      parameters: CallbackParameters,
      actor: Actor | undefined,
    ) => Effect.Effect<CallbackOutcome, StoreError>
  }
>()("@mooring/core/oauth/AuthorizationCallback") {
  static readonly layer = Layer.effect(
    AuthorizationCallback,
    Effect.gen(function* () {
      const authorizations = yield* AuthorizationStore
      const credentials = yield* CredentialStore
      const registrations = yield* ClientRegistrations
      const egress = yield* Egress
      const { limits, oauth } = yield* Options

      /** The next sign-in begins as another client. */
      const forgetClient = ({ authorizationServer, client, organizationId }: Authorization) =>
        registrations.forget(organizationId, authorizationServer.issuer, client)

      const exchange = Effect.fnUntraced(function* (authorization: Authorization, code: string) {
        const { authorizationServer, client, codeVerifier, redirectUri, resourceIndicator } = authorization
        const dpop =
          oauth.dpop && authorizationServer.takesDpop ? yield* Effect.promise(newDpopKey) : undefined
        let isUnknown = false
        const answer = yield* askAuthorizationServer(
          egress.fetchDocument,
          limits.oauthStepTimeoutMs,
          tokenRefused,
          (fetch) =>
            exchangeAuthorization(authorizationServer.issuer, {
              metadata: toServerMetadata(authorizationServer),
              clientInformation: toClientInformation(client),
              addClientAuthentication: clientAuthentication(authorizationServer, client, oauth.clients),
              authorizationCode: code,
              codeVerifier: Redacted.value(codeVerifier),
              redirectUri,
              ...(resourceIndicator === null ? {} : { resource: resourceIndicator }),
              // The answer's issuer has been compared by now.
              iss: authorizationServer.issuer,
              ...(dpop === undefined ? {} : { dpop: dpop.session }),
              fetchFn: fetch,
            })
              .then((tokens) => checkTokens(tokens, dpop !== undefined))
              .catch((error: unknown) => {
                isUnknown = isClientUnknown(error)
                throw error
              }),
        ).pipe(Effect.tapError(() => (isUnknown ? forgetClient(authorization) : Effect.void)))
        yield* credentials.put({
          id: CredentialId.make(prefixedUuid("mcp_credential")),
          organizationId: authorization.organizationId,
          userId: authorization.userId,
          resource: authorization.resource,
          authorizationServer,
          client,
          resourceIndicator,
          tokens: toTokens(answer, authorization.scope, yield* DateTime.now),
          // It may have given a bearer token all the same (RFC 9449, section 5).
          dpopKey: dpop !== undefined && isDpopBound(answer) ? dpop.key : null,
          version: 1,
          leasedUntil: null,
        })
      })

      const fail = Effect.fnUntraced(function* (authorization: Authorization, failure: AuthorizationFailed) {
        const { code, message } = failure
        yield* authorizations.finish(authorization, { type: "failed", code, message })
        return { serverName: authorization.serverName, sessionId: authorization.id, failure }
      })

      const answer = Effect.fnUntraced(function* (
        { code, error, iss, state }: CallbackParameters,
        actor: Actor | undefined,
      ): Effect.fn.Return<CallbackOutcome, StoreError> {
        const hash = yield* stateHash(Redacted.make(state))
        const authorization = Option.getOrUndefined(yield* authorizations.findByState(hash))
        if (authorization === undefined) return { type: "expired" }
        if (actor !== undefined && !isSame(actor, authorization)) return { type: "wrong_user" }
        const { serverName } = authorization

        // An answer of another authorization server than the one that was asked is neither acted on nor shown, and
        // the true one may still come (RFC 9207, section 2.4).
        const { issuer, promisesIssuer } = authorization.authorizationServer
        if (iss === undefined ? promisesIssuer : iss !== issuer) {
          return { type: "failed", serverName, sessionId: undefined, failure: wrongIssuer }
        }
        if (!(yield* authorizations.claim(authorization, yield* DateTime.now))) return { type: "expired" }

        // From here on the answer is used up, whatever becomes of the browser that brought it.
        const answered = Effect.uninterruptible(
          Effect.gen(function* () {
            if (code === undefined || error !== undefined) {
              if (isUnknownClientCode(error)) yield* forgetClient(authorization)
              // Who declines goes on without.
              yield* credentials.want(ownerOf(authorization), null)
              const { sessionId } = yield* fail(authorization, accessDenied)
              return { type: "refused", serverName, sessionId } as const
            }
            const failure = yield* exchange(authorization, code).pipe(
              Effect.as(undefined),
              Effect.catchTag("AuthorizationFailed", Effect.succeed),
            )
            if (failure !== undefined)
              return { type: "failed", ...(yield* fail(authorization, failure)) } as const
            yield* authorizations.finish(authorization, { type: "completed" })
            return {
              type: "completed",
              serverName,
              serverUrl: authorization.resource,
              sessionId: authorization.id,
            } as const
          }),
        )
        return yield* Effect.tap(answered, (outcome) => logSignIn(authorization, outcome))
      })

      return AuthorizationCallback.of({ answer })
    }),
  )
}

const logSignIn = ({ organizationId, userId }: Authorization, outcome: CallbackOutcome) =>
  logEvent("sign_in_finished", {
    status: outcome.type === "completed" ? "success" : "error",
    error_type:
      outcome.type === "failed"
        ? outcome.failure.code
        : outcome.type === "refused"
          ? accessDenied.code
          : undefined,
    organization: organizationId,
    user: userId,
  })

const ownerOf = ({ organizationId, resource, userId }: Authorization): CredentialOwner => ({
  organizationId,
  userId,
  resource,
})

const isSame = (actor: Actor, { organizationId, userId }: Authorization): boolean =>
  actor.organizationId === organizationId && actor.userId === userId

const tokenRefused = {
  code: "token_refused",
  problem:
    "The authorization server of the MCP server did not give a token for the consent. Connect again to sign in anew.",
} as const

const accessDenied = new AuthorizationFailed({
  code: "access_denied",
  problem: "Signing in to the MCP server was refused. Connect again to try it once more.",
})

const wrongIssuer = new AuthorizationFailed({
  code: "issuer_mismatch",
  problem:
    "This answer does not come from the authorization server that was asked. Go back and sign in again.",
})

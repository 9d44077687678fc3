import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { OAuthFetch } from "./askAuthorizationServer.ts"
import { basicAuthorization } from "./basicAuthorization.ts"
import { checkEndpoint } from "./checkEndpoint.ts"
import type { Credential } from "./Credential.ts"

/**
 * Has an authorization server take back what it gave (RFC 7009), as far as it can. The credential is gone from our
 * store by then: that the other side can't be reached must not hold up a sign-out.
 */
export const revokeCredential = Effect.fnUntraced(
  function* (fetch: OAuthFetch, timeoutMs: number, { authorizationServer, client, tokens }: Credential) {
    if (authorizationServer.revocationEndpoint === null) return
    const endpoint = yield* checkEndpoint(authorizationServer.revocationEndpoint)
    const token = tokens.refreshToken ?? tokens.accessToken
    const form = new URLSearchParams({
      token: Redacted.value(token),
      token_type_hint: tokens.refreshToken === null ? "access_token" : "refresh_token",
    })
    const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" })
    const authorization = basicAuthorization(authorizationServer, client)
    if (authorization === undefined) {
      form.set("client_id", client.clientId)
      if (client.clientSecret !== null) form.set("client_secret", Redacted.value(client.clientSecret))
    } else {
      headers.set("authorization", authorization)
    }
    yield* Effect.tryPromise((signal) =>
      fetch(endpoint, { method: "POST", headers, body: form, signal, redirect: "error" }),
    ).pipe(Effect.timeout(timeoutMs))
  },
  Effect.catchCause((cause) =>
    Effect.logInfo("A credential could not be revoked at its authorization server", cause),
  ),
)

import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { OAuthFetch } from "./askAuthorizationServer.ts"
import { checkEndpoint } from "./checkEndpoint.ts"
import { clientAuthentication } from "./clientAuthentication.ts"
import type { Credential } from "./Credential.ts"
import { postForm } from "./postForm.ts"
import type { RegisteredClient } from "./RegisteredClient.ts"

/**
 * Has an authorization server take back what it gave (RFC 7009), as far as it can. The credential is gone from our
 * store by then: that the other side can't be reached must not hold up a sign-out.
 */
export const revokeCredential = Effect.fnUntraced(
  function* (
    fetch: OAuthFetch,
    timeoutMs: number,
    registered: ReadonlyArray<RegisteredClient>,
    { authorizationServer, client, tokens }: Credential,
  ) {
    if (authorizationServer.revocationEndpoint === null) return
    const endpoint = yield* checkEndpoint(authorizationServer.revocationEndpoint)
    yield* Effect.tryPromise((signal) =>
      postForm(
        (input, init) => fetch(input, { ...init, signal }),
        endpoint,
        {
          token: Redacted.value(tokens.refreshToken ?? tokens.accessToken),
          token_type_hint: tokens.refreshToken === null ? "access_token" : "refresh_token",
        },
        clientAuthentication(authorizationServer, client, registered),
      ),
    ).pipe(Effect.timeout(timeoutMs))
  },
  // Without the cause, in which there may be the authorization server's own words.
  Effect.catchCause(() => Effect.logInfo("A credential could not be revoked at its authorization server")),
)

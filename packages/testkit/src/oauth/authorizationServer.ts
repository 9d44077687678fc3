import type { AccessTokens } from "./AccessTokens.ts"
import type { AuthorizationServerOptions } from "./AuthorizationServerOptions.ts"
import { listenForOAuth } from "./listenForOAuth.ts"
import type { OAuthRequest } from "./OAuthRequest.ts"
import type { OidcProvider } from "./oidcProvider.ts"

/** An authorization server for tests, on 127.0.0.1 and a port of its own. */
export interface TestAuthorizationServer extends AccessTokens, AsyncDisposable {
  /** Every request so far, those of browsers too; grows while the server runs. */
  readonly requests: ReadonlyArray<OAuthRequest>
  /** Why it refused what it refused; its answers tell less. E.g. `invalid_grant: refresh token already used`. */
  readonly refusals: ReadonlyArray<string>
  /** Drops all connections and frees the port. Calling it again does nothing. */
  close(): Promise<void>
}

/**
 * A real authorization server over HTTP: panva's `oidc-provider`. PKCE with S256 is required of all clients, and every
 * authorization response has `iss` (RFC 9207). Its endpoints are `/authorize`, `/token`, `/register` and `/revoke`,
 * below the issuer's path. Its users have no passwords: they choose who they are on its pages, in a browser, which then
 * stays signed in, or by `signIn`.
 *
 * It knows no resource until a `protectedMcpServer` points to it.
 */
export async function authorizationServer(
  options: AuthorizationServerOptions = {},
): Promise<TestAuthorizationServer> {
  // It takes nearly half a second to load: those who want other things of this package need not wait for it.
  const { oidcProvider } = await import("./oidcProvider.ts")
  const hidden =
    options.metadata === "oauth"
      ? "openid-configuration"
      : options.metadata === "openid"
        ? "oauth-authorization-server"
        : undefined
  const started = Promise.withResolvers<OidcProvider>()
  const listener = await listenForOAuth(async (request, exchange) => {
    const intercepted = await options.intercept?.(request)
    if (intercepted !== undefined) return intercepted
    if (hidden !== undefined && request.path.includes(`/.well-known/${hidden}`)) {
      return new Response(null, { status: 404 })
    }
    const provider = await started.promise
    return provider.answer(exchange)
  })
  try {
    const provider = oidcProvider(listener.origin + (options.path ?? ""), options)
    started.resolve(provider)
    return {
      issuer: provider.issuer,
      namesAudience: provider.namesAudience,
      get tokenCount() {
        return provider.tokenCount
      },
      addResource: provider.addResource,
      findAccessToken: provider.findAccessToken,
      requests: listener.requests,
      refusals: provider.refusals,
      close: listener.close,
      [Symbol.asyncDispose]: listener.close,
    }
  } catch (error) {
    await listener.close()
    throw error
  }
}

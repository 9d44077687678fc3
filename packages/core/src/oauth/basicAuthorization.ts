import * as Redacted from "effect/Redacted"
import type { AuthorizationServer } from "./AuthorizationServer.ts"
import type { OAuthClient } from "./OAuthClient.ts"

/**
 * The header `Authorization` by which a client shows its secret, or undefined where it has none, or shows it in the
 * body. The MCP client makes the same choice, but joins id and secret as they are: a `+` or `%` then arrives as
 * something else, and what is not Latin-1 not at all.
 */
export const basicAuthorization = (
  { tokenEndpointAuthMethods: methods }: AuthorizationServer,
  { authMethod, clientId, clientSecret }: OAuthClient,
): string | undefined => {
  if (clientSecret === null) return undefined
  const isSupported = (method: string) => methods.length === 0 || methods.includes(method)
  const isOther = authMethod === "client_secret_post" || authMethod === "none"
  if (isOther && isSupported(authMethod)) return undefined
  if (!isSupported("client_secret_basic")) return undefined
  // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
  const pair = [clientId, Redacted.value(clientSecret)].map((part) =>
    new URLSearchParams({ x: part }).toString().slice(2),
  )
  return `Basic ${globalThis.btoa(pair.join(":"))}`
}

/** The same as the MCP client's functions take it. */
export const clientAuthentication = (server: AuthorizationServer, client: OAuthClient) => {
  const authorization = basicAuthorization(server, client)
  if (authorization === undefined) return {}
  return {
    addClientAuthentication: (headers: Headers) => {
      headers.set("authorization", authorization)
    },
  }
}

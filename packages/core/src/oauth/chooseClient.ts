import { registerClient } from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { ServerOAuth } from "../servers/ServerOAuth.ts"
import { askAuthorizationServer, type OAuthFetch } from "./askAuthorizationServer.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { AuthorizationServer } from "./AuthorizationServer.ts"
import { checkEndpoint } from "./checkEndpoint.ts"
import { clientMetadata, type OAuthHost } from "./clientMetadata.ts"
import type { OAuthClient } from "./OAuthClient.ts"
import { toOAuthClient } from "./RegisteredClient.ts"
import { toServerMetadata } from "./toServerMetadata.ts"

/**
 * Decides as which client we ask an authorization server (MCP 2025-11-25, basic/authorization, client registration):
 * the one that is set for the MCP server, one that the host has registered there, our metadata document, or one that is
 * registered now.
 */
export const chooseClient = Effect.fnUntraced(function* (
  fetch: OAuthFetch,
  timeoutMs: number,
  host: OAuthHost,
  server: AuthorizationServer,
  ofServer: ServerOAuth | null,
) {
  if (ofServer !== null && ofServer.clientId !== null) {
    if (ofServer.issuer !== null && ofServer.issuer !== server.issuer) return yield* anotherIssuer
    const client: OAuthClient = {
      clientId: ofServer.clientId,
      clientSecret: ofServer.clientSecret,
      authMethod: null,
    }
    return client
  }
  const registered = host.clients.find(({ issuer }) => issuer === server.issuer)
  if (registered !== undefined) return toOAuthClient(registered)
  // The document has to be fetched by the authorization server, over https.
  if (server.takesClientIdMetadataDocument && host.clientMetadataUrl.startsWith("https:")) {
    const client: OAuthClient = { clientId: host.clientMetadataUrl, clientSecret: null, authMethod: "none" }
    return client
  }
  if (server.registrationEndpoint === null) return yield* new AuthorizationFailed(unregistered)
  yield* checkEndpoint(server.registrationEndpoint)
  const information = yield* askAuthorizationServer(fetch, timeoutMs, unregistered, (fetch) =>
    registerClient(server.issuer, {
      metadata: toServerMetadata(server),
      clientMetadata: clientMetadata(host),
      fetchFn: fetch,
    }),
  )
  const client: OAuthClient = {
    clientId: information.client_id,
    clientSecret: information.client_secret === undefined ? null : Redacted.make(information.client_secret),
    authMethod: information.token_endpoint_auth_method ?? null,
  }
  return client
})

/** Where a client is set for an MCP server that has come to name another authorization server. */
export const anotherIssuer = new AuthorizationFailed({
  code: "issuer_mismatch",
  problem:
    "The MCP server names another authorization server than the one at which its client is registered. Check the issuer that is set for it.",
})

const unregistered = {
  code: "registration_failed",
  problem:
    "The authorization server of the MCP server does not take this host as a client by itself. The host has to be registered there, and be told the client id by its option oauth.clients.",
} as const

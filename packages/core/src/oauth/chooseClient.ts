import { registerClient } from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { askAuthorizationServer, type OAuthFetch } from "./askAuthorizationServer.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { AuthorizationServer } from "./AuthorizationServer.ts"
import { checkEndpoint } from "./checkEndpoint.ts"
import { clientMetadata, type OAuthHost } from "./clientMetadata.ts"
import type { OAuthClient } from "./OAuthClient.ts"
import { toServerMetadata } from "./toServerMetadata.ts"

/**
 * Decides as which client we ask an authorization server (MCP 2025-11-25, basic/authorization, client registration):
 * one that the host has registered there, our own metadata document, or one that is registered now.
 */
export const chooseClient = Effect.fn("chooseClient")(function* (
  fetch: OAuthFetch,
  timeoutMs: number,
  host: OAuthHost,
  server: AuthorizationServer,
) {
  const registered = host.clients.find(({ issuer }) => issuer === server.issuer)
  if (registered !== undefined) {
    const { clientId, clientSecret } = registered
    const client: OAuthClient = { clientId, clientSecret: clientSecret ?? null, authMethod: null }
    return client
  }
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

const unregistered = {
  code: "registration_failed",
  problem:
    "The authorization server of the MCP server does not take this host as a client by itself. The host has to be registered there, and be told the client id by its option oauth.clients.",
} as const

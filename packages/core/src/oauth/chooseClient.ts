import * as Effect from "effect/Effect"
import type { ServerOAuth } from "../servers/ServerOAuth.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { AuthorizationServer } from "./AuthorizationServer.ts"
import type { OAuthHost } from "./clientMetadata.ts"
import type { FoundRegistration } from "./ClientRegistrations.ts"
import type { OAuthClient } from "./OAuthClient.ts"
import { toOAuthClient } from "./RegisteredClient.ts"

/** As which client an authorization server is asked. */
export interface ChosenClient {
  readonly client: OAuthClient
  /** Whether it was registered by itself for an earlier sign-in. */
  readonly isReused: boolean
}

/**
 * Decides as which client we ask an authorization server (MCP 2025-11-25, basic/authorization, client registration):
 * the one that is set for the MCP server, one that the host has registered there, our metadata document, or one that is
 * registered dynamically.
 */
export const chooseClient = (
  host: OAuthHost,
  server: AuthorizationServer,
  ofServer: ServerOAuth | null,
  registration: Effect.Effect<FoundRegistration, AuthorizationFailed | StoreError>,
): Effect.Effect<ChosenClient, AuthorizationFailed | StoreError> => {
  if (ofServer !== null && ofServer.clientId !== null) {
    if (ofServer.issuer !== null && ofServer.issuer !== server.issuer) return Effect.fail(anotherIssuer)
    return knownBeforehand({
      clientId: ofServer.clientId,
      clientSecret: ofServer.clientSecret,
      authMethod: null,
    })
  }
  const registered = host.clients.find(({ issuer }) => issuer === server.issuer)
  if (registered !== undefined) return knownBeforehand(toOAuthClient(registered))
  // The document has to be fetched by the authorization server, over https.
  return server.takesClientIdMetadataDocument && host.clientMetadataUrl.startsWith("https:")
    ? knownBeforehand({ clientId: host.clientMetadataUrl, clientSecret: null, authMethod: "none" })
    : Effect.map(registration, ({ isReused, registration: { client } }) => ({ client, isReused }))
}

const knownBeforehand = (client: OAuthClient) => Effect.succeed({ client, isReused: false })

/** Where a client is set for an MCP server that has come to name another authorization server. */
export const anotherIssuer = new AuthorizationFailed({
  code: "issuer_mismatch",
  problem:
    "The MCP server names another authorization server than the one at which its client is registered. Check the issuer that is set for it.",
})

import type { AuthorizationServerMetadata, OAuthClientInformationMixed } from "@modelcontextprotocol/client"
import * as Redacted from "effect/Redacted"
import type { AuthorizationServer } from "./AuthorizationServer.ts"
import type { OAuthClient } from "./OAuthClient.ts"

/** An authorization server as the MCP client's functions take it. */
export const toServerMetadata = (server: AuthorizationServer): AuthorizationServerMetadata => ({
  issuer: server.issuer,
  authorization_endpoint: server.authorizationEndpoint,
  token_endpoint: server.tokenEndpoint,
  ...(server.registrationEndpoint === null ? {} : { registration_endpoint: server.registrationEndpoint }),
  response_types_supported: ["code"],
  code_challenge_methods_supported: ["S256"],
  // An empty list would mean that none is supported; left out, the default of RFC 8414 holds.
  ...(server.tokenEndpointAuthMethods.length === 0
    ? {}
    : { token_endpoint_auth_methods_supported: [...server.tokenEndpointAuthMethods] }),
  authorization_response_iss_parameter_supported: server.promisesIssuer,
})

/** A client as the MCP client's functions take it. */
export const toClientInformation = (client: OAuthClient): OAuthClientInformationMixed => ({
  client_id: client.clientId,
  ...(client.clientSecret === null ? {} : { client_secret: Redacted.value(client.clientSecret) }),
  ...(client.authMethod === null ? {} : { token_endpoint_auth_method: client.authMethod }),
})

import type { OAuthClientMetadata } from "@modelcontextprotocol/client"
import { isLoopback } from "./checkEndpoint.ts"
import type { RegisteredClient } from "./RegisteredClient.ts"

/** The host as authorization servers see it. */
export interface OAuthHost {
  /** Shown to users when they are asked for their consent. */
  readonly clientName: string
  readonly clients: ReadonlyArray<RegisteredClient>
  readonly redirectUri: string
  readonly clientMetadataUrl: string
}

/** What the host says of itself (RFC 7591, section 2). It keeps no secret: each flow is protected by PKCE. */
export const clientMetadata = ({ clientName, redirectUri }: OAuthHost): OAuthClientMetadata => ({
  client_name: clientName,
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
  // SEP-837; left out, it counts as "web", which may have no redirect to the loopback (OpenID Connect Registration,
  // section 2).
  application_type: isLoopback(new URL(redirectUri).hostname) ? "native" : "web",
})

/** The document behind `clientMetadataUrl`, which is the client id at the same time. */
export const clientIdMetadataDocument = (host: OAuthHost) => ({
  client_id: host.clientMetadataUrl,
  ...clientMetadata(host),
})

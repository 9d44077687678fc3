import {
  type Authorization,
  AuthorizationId,
  type AuthorizationServer,
  type Credential,
  CredentialId,
} from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import { randomBytes, randomUUID } from "node:crypto"

const authorizationServer: AuthorizationServer = {
  issuer: "https://auth.example",
  authorizationEndpoint: "https://auth.example/authorize",
  tokenEndpoint: "https://auth.example/token",
  registrationEndpoint: null,
  revocationEndpoint: null,
  tokenEndpointAuthMethods: [],
  scopes: [],
  takesClientIdMetadataDocument: false,
  takesDpop: false,
  promisesIssuer: false,
}

export const exampleTokens = (name: string): Credential["tokens"] => ({
  accessToken: Redacted.make(`access token of ${name}`),
  refreshToken: Redacted.make(`refresh token of ${name}`),
  scope: null,
  issuedAt: DateTime.makeUnsafe(1_700_000_000_000),
  expiresAt: null,
})

export const exampleCredential = (userId: string, resource = "https://mcp.example/mcp"): Credential => ({
  id: CredentialId.make(`mcp_credential-${randomUUID()}`),
  organizationId: "acme",
  userId,
  resource,
  authorizationServer,
  client: {
    clientId: "client",
    clientSecret: Redacted.make(`client secret of ${userId}`),
    authMethod: null,
  },
  resourceIndicator: null,
  tokens: exampleTokens(userId),
  dpopKey: Redacted.make(`key of ${userId}`),
  version: 1,
  leasedUntil: null,
})

export const exampleAuthorization = (userId: string): Authorization => ({
  id: AuthorizationId.make(`mcp_authorization-${randomUUID()}`),
  organizationId: "acme",
  userId,
  resource: "https://mcp.example/mcp",
  serverName: "server",
  stateHash: randomBytes(32).toString("base64url"),
  authorizationServer,
  client: {
    clientId: "client",
    clientSecret: Redacted.make(`client secret of ${userId}`),
    authMethod: null,
  },
  resourceIndicator: null,
  scope: null,
  redirectUri: "https://host.example/callback",
  codeVerifier: Redacted.make(`verifier of ${userId}`),
  state: { type: "waiting" },
  expiresAt: DateTime.makeUnsafe(4_102_444_800_000),
})

import { randomUUID } from "node:crypto"
import {
  type AuthorizationServer,
  type Credential,
  CredentialId,
  type CredentialOwner,
  CredentialStore,
  type Tokens,
} from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

/** A credential that is not stored yet, with an id and tokens of its own: alice's, where nothing else is said. */
export const makeCredential = (organizationId: string, fields: Partial<Credential> = {}): Credential => ({
  id: CredentialId.make(`mcp_credential-${randomUUID()}`),
  organizationId,
  userId: "alice",
  resource: "https://mcp.example/mcp",
  authorizationServer,
  client: { clientId: "client", clientSecret: Redacted.make(`secret ${randomUUID()}`), authMethod: null },
  resourceIndicator: "https://mcp.example/mcp",
  tokens: makeTokens(),
  dpopKey: null,
  version: 1,
  leasedUntil: null,
  ...fields,
})

/** The same, stored. */
export const putCredential = Effect.fnUntraced(function* (
  organizationId: string,
  fields: Partial<Credential> = {},
) {
  const credential = makeCredential(organizationId, fields)
  yield* CredentialStore.use((credentials) => credentials.put(credential))
  return credential
})

export const makeTokens = (fields: Partial<Tokens> = {}): Tokens => ({
  accessToken: Redacted.make(`access ${randomUUID()}`),
  refreshToken: Redacted.make(`refresh ${randomUUID()}`),
  scope: "read write",
  issuedAt: DateTime.makeUnsafe(1_700_000_000_017),
  expiresAt: DateTime.makeUnsafe(1_700_000_003_600),
  ...fields,
})

export const ownerOf = ({ organizationId, resource, userId }: CredentialOwner): CredentialOwner => ({
  organizationId,
  userId,
  resource,
})

export const authorizationServer: AuthorizationServer = {
  issuer: "https://auth.example",
  authorizationEndpoint: "https://auth.example/authorize",
  tokenEndpoint: "https://auth.example/token",
  registrationEndpoint: "https://auth.example/register",
  revocationEndpoint: null,
  tokenEndpointAuthMethods: ["none", "client_secret_basic"],
  scopes: [],
  takesClientIdMetadataDocument: false,
  takesDpop: false,
  promisesIssuer: true,
}

/** Moments of one refresh, in their order. */
export const moment = (seconds: number): DateTime.Utc =>
  DateTime.makeUnsafe(1_700_000_000_000 + seconds * 1_000)

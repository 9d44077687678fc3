import * as Schema from "effect/Schema"
import { AuthorizationServer } from "./AuthorizationServer.ts"
import { OAuthClient } from "./OAuthClient.ts"

/** `mcp_credential-<uuid4>`; a new sign-in gives a new one. */
export const CredentialId = Schema.String.pipe(Schema.brand("CredentialId"))
export type CredentialId = typeof CredentialId.Type

/** Who may use a credential, and where. There is one at most for each. */
export const CredentialOwner = Schema.Struct({
  organizationId: Schema.String,
  userId: Schema.String,
  /** The URL of the MCP server, as `resourceOf` writes it. */
  resource: Schema.String,
})
export interface CredentialOwner extends Schema.Schema.Type<typeof CredentialOwner> {}

/** What the token endpoint gave (RFC 6749, section 5.1). */
export const Tokens = Schema.Struct({
  accessToken: Schema.RedactedFromValue(Schema.String),
  refreshToken: Schema.NullOr(Schema.RedactedFromValue(Schema.String)),
  /** What was granted, where it was said. */
  scope: Schema.NullOr(Schema.String),
  /** By our own clock. */
  issuedAt: Schema.DateTimeUtc,
  expiresAt: Schema.NullOr(Schema.DateTimeUtc),
})
export interface Tokens extends Schema.Schema.Type<typeof Tokens> {}

/** That a user has signed in to an MCP server. */
export const Credential = Schema.Struct({
  id: CredentialId,
  ...CredentialOwner.fields,
  authorizationServer: AuthorizationServer,
  client: OAuthClient,
  /** What `resource` said in the requests (RFC 8707). */
  resourceIndicator: Schema.NullOr(Schema.String),
  tokens: Tokens,
  /** The private key that the tokens are bound to (RFC 9449), as JSON of a JWK; null where they are bearer tokens. */
  dpopKey: Schema.NullOr(Schema.RedactedFromValue(Schema.String)),
  /** Counts the refreshes: who has read an earlier one must read again. */
  version: Schema.Int,
  /** Until then one node is refreshing it. */
  leasedUntil: Schema.NullOr(Schema.DateTimeUtc),
})
export interface Credential extends Schema.Schema.Type<typeof Credential> {}

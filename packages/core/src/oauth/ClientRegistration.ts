import * as Schema from "effect/Schema"
import { OAuthClient } from "./OAuthClient.ts"

/** `mcp_client-<uuid4>`; registering anew gives a new one. */
export const ClientRegistrationId = Schema.String.pipe(Schema.brand("ClientRegistrationId"))
export type ClientRegistrationId = typeof ClientRegistrationId.Type

/**
 * What a registration is good for: the users of one organization, at the authorization server that gave it, and as what
 * was said of the client there. There is one at most for each.
 */
export const RegistrationKey = Schema.Struct({
  organizationId: Schema.String,
  issuer: Schema.String,
  /** What was said, as JSON: with another redirect URI or name it is another client. */
  metadata: Schema.String,
})
export interface RegistrationKey extends Schema.Schema.Type<typeof RegistrationKey> {}

/** That an authorization server has taken us for a client of its own accord (RFC 7591). */
export const ClientRegistration = Schema.Struct({
  id: ClientRegistrationId,
  ...RegistrationKey.fields,
  client: OAuthClient,
  createdAt: Schema.DateTimeUtc,
  /** When the client's secret ends, where it does. */
  expiresAt: Schema.NullOr(Schema.DateTimeUtc),
})
export interface ClientRegistration extends Schema.Schema.Type<typeof ClientRegistration> {}

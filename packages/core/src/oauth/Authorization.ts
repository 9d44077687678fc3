import * as Schema from "effect/Schema"
import { authorizationFailureCodes } from "./AuthorizationFailed.ts"
import { AuthorizationServer } from "./AuthorizationServer.ts"
import { CredentialOwner } from "./Credential.ts"
import { OAuthClient } from "./OAuthClient.ts"

/** `mcp_authorization-<uuid4>`: the `session_id` of the event `authorization_url`. */
export const AuthorizationId = Schema.String.pipe(Schema.brand("AuthorizationId"))
export type AuthorizationId = typeof AuthorizationId.Type

/**
 * How far a sign-in has come.
 *
 * ```
 * waiting ──callback with code──▶ exchanging ──▶ completed
 *    │                                │
 *    ├──callback with error───────────┴────────▶ failed
 *    └──(expiresAt)──▶ as if it were not there
 * ```
 */
export const AuthorizationState = Schema.Union([
  Schema.Struct({ type: Schema.Literals(["waiting", "exchanging", "completed"]) }),
  Schema.Struct({
    type: Schema.Literal("failed"),
    code: Schema.Literals(authorizationFailureCodes),
    message: Schema.String,
  }),
])
export type AuthorizationState = typeof AuthorizationState.Type

/** A sign-in that was begun, with everything that any node needs to finish it. */
export const Authorization = Schema.Struct({
  id: AuthorizationId,
  ...CredentialOwner.fields,
  serverName: Schema.String,
  /** SHA-256 of the `state` parameter, as base64url: who reads the store cannot answer in somebody's name. */
  stateHash: Schema.String,
  authorizationServer: AuthorizationServer,
  client: OAuthClient,
  resourceIndicator: Schema.NullOr(Schema.String),
  scope: Schema.NullOr(Schema.String),
  redirectUri: Schema.String,
  /** PKCE (RFC 7636). */
  codeVerifier: Schema.RedactedFromValue(Schema.String),
  state: AuthorizationState,
  expiresAt: Schema.DateTimeUtc,
})
export interface Authorization extends Schema.Schema.Type<typeof Authorization> {}

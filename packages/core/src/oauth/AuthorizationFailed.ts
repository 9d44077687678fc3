import * as Schema from "effect/Schema"

/** Why somebody could not be signed in to an MCP server. */
export const authorizationFailureCodes = [
  "access_denied",
  "authorization_expired",
  "authorization_server_unreachable",
  "discovery_failed",
  "identity_unavailable",
  "issuer_mismatch",
  "network_forbidden",
  "pkce_not_supported",
  "public_url_missing",
  "registration_failed",
  "resource_mismatch",
  "token_refused",
  "unsafe_endpoint",
] as const
export type AuthorizationFailureCode = (typeof authorizationFailureCodes)[number]

/**
 * Signing in to an MCP server failed. The message never repeats what the authorization server said: that is text of
 * whoever registered the MCP server.
 */
export class AuthorizationFailed extends Schema.TaggedError<AuthorizationFailed>()("AuthorizationFailed", {
  code: Schema.Literals(authorizationFailureCodes),
  /** What went wrong and what to do about it. */
  problem: Schema.String,
}) {
  override get message() {
    return this.problem
  }
}

import * as Schema from "effect/Schema"

/** RFC 6749, section 3.3. */
const ScopeToken = Schema.String.check(
  Schema.isPattern(/^[\u0021\u0023-\u005b\u005d-\u007e]+$/, {
    expected: "a scope: printable ASCII without spaces, quotes and backslashes",
  }),
)
export const Scopes = Schema.Array(ScopeToken)
export const GrantType = Schema.Literals(["authorization_code", "client_credentials"])

/** How tokens for an MCP server are got, where that is not left to what the server says and the host's own options. */
export const ServerOAuth = Schema.Struct({
  /** `authorization_code` has users sign in; `client_credentials` is for servers that need no user. */
  grantType: GrantType,
  /** A client that was registered beforehand. */
  clientId: Schema.NullOr(Schema.NonEmptyString),
  /** Goes to the authorization server {@link issuer} alone, and is never shown. */
  clientSecret: Schema.NullOr(Schema.RedactedFromValue(Schema.NonEmptyString)),
  issuer: Schema.NullOr(Schema.NonEmptyString),
  /** Asked for beside those that the MCP server demands. */
  scopes: Schema.NullOr(Scopes),
})
export interface ServerOAuth extends Schema.Schema.Type<typeof ServerOAuth> {}

/** What is missing in it, if anything. */
export const oauthProblem = ({
  clientId,
  clientSecret,
  grantType,
  issuer,
}: ServerOAuth): { readonly field: string; readonly problem: string } | undefined => {
  const isMachine = grantType === "client_credentials"
  if (clientId === null && (isMachine || clientSecret !== null)) {
    return { field: "oauth.client_id", problem: "is required with client_secret and with client_credentials" }
  }
  if (clientSecret === null && isMachine) {
    return { field: "oauth.client_secret", problem: "is required with client_credentials" }
  }
  if (issuer === null && clientSecret !== null) {
    return {
      field: "oauth.issuer",
      problem:
        "is required with client_secret, which is sent to that authorization server alone: give the issuer that its metadata names",
    }
  }
  return undefined
}

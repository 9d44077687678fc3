import * as Schema from "effect/Schema"
import { registeredClientFields } from "../RegisteredClient.ts"

const shared = {
  /**
   * The MCP server that gets the tokens, as it is registered. What the host is trusted with goes to no other, whatever
   * that one says about its authorization server.
   */
  serverUrl: Schema.String.check(
    Schema.makeFilter((text) => URL.canParse(text), { expected: "a URL such as https://example.com/mcp" }),
  ),
  /** Default: those that the MCP server asks for. */
  scopes: Schema.optional(Schema.Array(Schema.NonEmptyString)),
}

/** How the host gets access tokens for one MCP server without asking a user. */
export const ServerGrant = Schema.Union([
  /** In the host's own name (RFC 6749, section 4.4; MCP extension OAuth client credentials). */
  Schema.Struct({ type: Schema.tag("client_credentials"), ...shared, ...registeredClientFields }),
  /** By the identity of the machine that it runs on (RFC 7523, section 2.1; SEP-1933): see `workloadToken`. */
  Schema.Struct({
    type: Schema.tag("workload_identity"),
    ...shared,
    issuer: Schema.NonEmptyString,
    clientId: Schema.optional(Schema.NonEmptyString),
  }),
  /**
   * In its user's name, who has signed in to the enterprise's identity provider: that one is asked for a grant, and
   * the authorization server of the MCP server takes it for a token (SEP-990): see `identityToken`.
   */
  Schema.Struct({
    type: Schema.tag("enterprise_managed"),
    ...shared,
    ...registeredClientFields,
    identityProvider: Schema.Struct({
      tokenEndpoint: Schema.String.check(
        Schema.makeFilter((text) => URL.canParse(text), { expected: "a URL" }),
      ),
      clientId: Schema.NonEmptyString,
      clientSecret: Schema.optional(Schema.RedactedFromValue(Schema.String)),
    }),
  }),
])
export type ServerGrant = typeof ServerGrant.Type

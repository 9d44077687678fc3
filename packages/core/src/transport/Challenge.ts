import { extractWWWAuthenticateParams } from "@modelcontextprotocol/client"
import * as Schema from "effect/Schema"

/** What an MCP server says when it wants authorization (RFC 6750, section 3; RFC 9728, section 5.1). */
export const Challenge = Schema.Struct({
  resourceMetadataUrl: Schema.NullOr(Schema.String),
  scope: Schema.NullOr(Schema.String),
  /** Such as `invalid_token` or `insufficient_scope`. */
  error: Schema.NullOr(Schema.String),
})
export interface Challenge extends Schema.Schema.Type<typeof Challenge> {}

/** Of a server that wants authorization without a word of how (RFC 6750 demands one). */
export const noChallenge: Challenge = { resourceMetadataUrl: null, scope: null, error: null }

/** The challenge of a response, or undefined where it is none. */
export const challengeOf = (response: Response): Challenge | undefined => {
  if (response.status !== 401 && response.status !== 403) return undefined
  const { error = null, resourceMetadataUrl, scope = null } = extractWWWAuthenticateParams(response)
  // Being forbidden is a challenge only where more scopes would help.
  if (response.status === 403 && error !== "insufficient_scope") return undefined
  return { error, scope, resourceMetadataUrl: resourceMetadataUrl?.href ?? null }
}

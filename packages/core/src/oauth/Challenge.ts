import { extractWWWAuthenticateParams } from "@modelcontextprotocol/client"

/** What an MCP server says when it wants authorization (RFC 6750, section 3; RFC 9728, section 5.1). */
export interface Challenge {
  readonly resourceMetadataUrl: string | null
  readonly scope: string | null
  /** Such as `invalid_token` or `insufficient_scope`. */
  readonly error: string | null
}

/** The challenge of a response, or undefined where it is none. */
export const challengeOf = (response: Response): Challenge | undefined => {
  if (response.status !== 401 && response.status !== 403) return undefined
  const { error = null, resourceMetadataUrl, scope = null } = extractWWWAuthenticateParams(response)
  // Being forbidden is a challenge only where more scopes would help.
  if (response.status === 403 && error !== "insufficient_scope") return undefined
  return { error, scope, resourceMetadataUrl: resourceMetadataUrl?.href ?? null }
}

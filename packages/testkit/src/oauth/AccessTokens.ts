/** What an authorization server says of one of its access tokens. */
export interface AccessToken {
  /** The user who signed in; the client that asked in its own name. */
  readonly subject: string
  /** The resource that it is for (RFC 8707); undefined where none was asked for. */
  readonly audience: string | undefined
  readonly scopes: ReadonlyArray<string>
  /** The thumbprint of the key that it is bound to (RFC 9449, section 6); undefined for a bearer token. */
  readonly keyThumbprint?: string | undefined
  /** In milliseconds since 1970. */
  readonly expiresAt: number
  /** The server's tokens in the order in which they were given, from 1. */
  readonly number: number
}

/** What a protected MCP server has to know of the authorization server that it points to. */
export interface AccessTokens {
  readonly issuer: string
  /** Whether its tokens name the resource that they are for. */
  readonly namesAudience: boolean
  /** How many access tokens it has given. */
  readonly tokenCount: number
  /** Makes a resource known to it. */
  addResource(resource: string): void
  /** What a token stands for; undefined if it was not given here, or revoked. Whether it is still good is the asker's to decide. */
  findAccessToken(token: string): Promise<AccessToken | undefined>
}

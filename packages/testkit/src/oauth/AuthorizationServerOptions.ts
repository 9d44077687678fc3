import type { JsonObject } from "../mcp-servers/TestTool.ts"
import type { OAuthRequest } from "./OAuthRequest.ts"

/** A client that an authorization server knows beforehand. With a secret or keys it is a confidential one. */
export interface TestClient {
  readonly clientId: string
  readonly clientSecret?: string
  readonly redirectUris: ReadonlyArray<string>
  /** In place of a secret: the public keys, as JWKs, whose private ones it signs with (`private_key_jwt`). */
  readonly publicKeys?: ReadonlyArray<JsonObject>
  /** How the secret is presented. Default: `client_secret_basic`. */
  readonly authMethod?: "client_secret_basic" | "client_secret_post"
  /** What it may ask for tokens with. Default: `authorization_code` and `refresh_token`. */
  readonly grantTypes?: ReadonlyArray<string>
}

/** What an authorization server for tests can be told. */
export interface AuthorizationServerOptions {
  /** Who has an account. Default: `alice` and `bob`. */
  readonly users?: ReadonlyArray<string>
  /**
   * The scopes beside `openid` and `offline_access`, all of which are given to who asks for no scope at all. A client
   * that registers with a scope is held to it. Default: `mcp:read` and `mcp:write`.
   */
  readonly scopes?: ReadonlyArray<string>
  /** Clients known beforehand. Default: none. */
  readonly clients?: ReadonlyArray<TestClient>
  /** Whether clients may register themselves (RFC 7591). Default: true. */
  readonly dynamicRegistration?: boolean
  /**
   * Takes the URLs of Client ID Metadata Documents as client ids, and gets the documents by this function: such URLs
   * are https, which there is none of on loopback. Default: they are neither taken nor advertised.
   */
  readonly clientIdMetadataDocuments?: (url: string) => Promise<Response>
  /** The lifetime of access tokens, in whole seconds. Default: 3600. */
  readonly accessTokenSeconds?: number
  /** `jwt` (RFC 9068) can't be revoked: it lives until it expires. Without resource indicators `opaque`, the default. */
  readonly accessTokenFormat?: "jwt" | "opaque"
  /** Who gets a refresh token: those who ask for the scope `offline_access` (default), everybody or nobody. */
  readonly refreshTokens?: "offline_access" | "always" | "never"
  /**
   * Whether each refresh gives a new refresh token. The old one is then good for as long as `reuseGraceMs` says; used
   * later, it ends the whole grant (RFC 9700, section 4.14.2). Default: `{ reuseGraceMs: 0 }`.
   */
  readonly refreshTokenRotation?: false | { readonly reuseGraceMs: number }
  /** Whether `resource` (RFC 8707) is understood, or ignored as by many servers. Default: true. */
  readonly resourceIndicators?: boolean
  /**
   * Whether it binds tokens to keys (DPoP, RFC 9449) for those who ask for that, and then demands a nonce. Default:
   * false.
   */
  readonly dpop?: boolean | "with_nonce"
  /**
   * Takes JWTs for grants (RFC 7523, section 2.1): tells for whom one stands that was made for this issuer and client,
   * and undefined where it is not good. Default: the grant is unknown.
   */
  readonly jwtBearer?: (assertion: string, issuer: string, clientId: string) => Promise<string | undefined>
  /** Whether there is a revocation endpoint (RFC 7009). Default: true. */
  readonly revocation?: boolean
  /** The path of the issuer, e.g. `/tenant`. Default: none. */
  readonly path?: string
  /** Which metadata there is: that of RFC 8414, that of OpenID Connect Discovery, or both (default). */
  readonly metadata?: "oauth" | "openid" | "both"
  /**
   * Called first with every request: a response that it returns is sent in place of the server's. It may also wait,
   * to hold a request until a test has seen what it wants to see.
   */
  readonly intercept?: (request: OAuthRequest) => Response | undefined | Promise<Response | undefined>
}

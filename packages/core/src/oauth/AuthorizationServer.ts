import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** What is known of an authorization server, from its own metadata (RFC 8414, OpenID Connect Discovery). */
export const AuthorizationServer = Schema.Struct({
  /** Names it. What it issues is never used at another. */
  issuer: Schema.String,
  authorizationEndpoint: Schema.String,
  tokenEndpoint: Schema.String,
  registrationEndpoint: Schema.NullOr(Schema.String),
  /** RFC 7009. */
  revocationEndpoint: Schema.NullOr(Schema.String),
  tokenEndpointAuthMethods: Schema.Array(Schema.String),
  scopes: Schema.Array(Schema.String),
  /** Whether it takes the URL of a metadata document for a client id. */
  takesClientIdMetadataDocument: Schema.Boolean,
  /** Whether it binds tokens to a key of ES256 (RFC 9449). */
  takesDpop: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  /** Whether it promises `iss` in its answers (RFC 9207). */
  promisesIssuer: Schema.Boolean,
})
export interface AuthorizationServer extends Schema.Schema.Type<typeof AuthorizationServer> {}

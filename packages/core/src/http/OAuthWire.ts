import * as Schema from "effect/Schema"
import type { ServerOAuthUpdate } from "../servers/applyOAuthUpdate.ts"
import { GrantType, Scopes, type ServerOAuth } from "../servers/ServerOAuth.ts"
import { nullable } from "./nullable.ts"

/** `oauth` of a server in requests, an extension of the original API. */
export const OAuthFields = Schema.Struct({
  client_id: nullable(Schema.NonEmptyString),
  client_secret: nullable(Schema.RedactedFromValue(Schema.NonEmptyString)),
  issuer: nullable(Schema.NonEmptyString),
  scopes: nullable(Scopes),
  grant_type: nullable(GrantType),
}).annotate({ identifier: "MCPServerOAuth" })
type OAuthFields = typeof OAuthFields.Type

/** `oauth` of a server in answers. */
export const OAuthAnswer = Schema.Struct({
  client_id: Schema.NullOr(Schema.String),
  grant_type: GrantType,
  scopes: Schema.NullOr(Schema.Array(Schema.String)),
}).annotate({ identifier: "MCPServerOAuthShown" })

export const fromOAuth = (oauth: OAuthFields | null | undefined): ServerOAuth | null =>
  oauth === null || oauth === undefined
    ? null
    : {
        grantType: oauth.grant_type ?? "authorization_code",
        clientId: oauth.client_id ?? null,
        clientSecret: oauth.client_secret ?? null,
        issuer: oauth.issuer ?? null,
        scopes: oauth.scopes ?? null,
      }

export const fromOAuthUpdate = (
  oauth: OAuthFields | null | undefined,
): ServerOAuthUpdate | null | undefined =>
  oauth === null || oauth === undefined
    ? oauth
    : {
        grantType: oauth.grant_type,
        clientId: oauth.client_id,
        clientSecret: oauth.client_secret,
        issuer: oauth.issuer,
        scopes: oauth.scopes,
      }

export const toOAuthAnswer = ({ clientId, grantType, scopes }: ServerOAuth): typeof OAuthAnswer.Type => ({
  client_id: clientId,
  grant_type: grantType,
  scopes,
})

import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { InvalidServerConfig } from "./InvalidServerConfig.ts"
import { GrantType, Scopes, type ServerOAuth } from "./ServerOAuth.ts"

const field = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))

/** A change of a server's {@link ServerOAuth}: a field that is absent stays, `null` clears it. */
export const ServerOAuthUpdate = Schema.Struct({
  grantType: field(GrantType),
  clientId: field(Schema.NonEmptyString),
  clientSecret: field(Schema.RedactedFromValue(Schema.NonEmptyString)),
  issuer: field(Schema.NonEmptyString),
  scopes: field(Scopes),
})
export interface ServerOAuthUpdate extends Schema.Schema.Type<typeof ServerOAuthUpdate> {}

/**
 * What an update makes of it. The secret is never shown, so nobody who can edit a server may have it used elsewhere:
 * for another client, authorization server or origin it has to be given anew.
 */
export const applyOAuthUpdate = (
  stored: ServerOAuth | null,
  update: ServerOAuthUpdate | null | undefined,
  isSameOrigin: boolean,
): Result.Result<ServerOAuth | null, InvalidServerConfig> => {
  if (update === null) return Result.succeed(null)
  if (update === undefined && stored === null) return Result.succeed(null)
  const kept = stored ?? none
  const next: ServerOAuth = {
    grantType: (update?.grantType === undefined ? kept.grantType : update.grantType) ?? none.grantType,
    clientId: update?.clientId === undefined ? kept.clientId : update.clientId,
    clientSecret: update?.clientSecret === undefined ? kept.clientSecret : update.clientSecret,
    issuer: update?.issuer === undefined ? kept.issuer : update.issuer,
    scopes: update?.scopes === undefined ? kept.scopes : update.scopes,
  }
  const keepsSecret = next.clientSecret !== null && next.clientSecret === kept.clientSecret
  if (keepsSecret && !(isSameOrigin && next.clientId === kept.clientId && next.issuer === kept.issuer)) {
    return Result.fail(
      new InvalidServerConfig({
        field: "oauth.client_secret",
        problem: "must be given anew with another client_id, issuer or origin of server_url",
      }),
    )
  }
  return Result.succeed(next)
}

const none: ServerOAuth = {
  grantType: "authorization_code",
  clientId: null,
  clientSecret: null,
  issuer: null,
  scopes: null,
}

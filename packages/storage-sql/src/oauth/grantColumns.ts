import { AuthorizationServer, type OAuthClient } from "@mooring/core"
import type * as Redacted from "effect/Redacted"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** What credentials and sign-ins have in common: at which authorization server, as which client, and for what. */
export interface Grant {
  readonly authorizationServer: AuthorizationServer
  readonly client: OAuthClient
  readonly resourceIndicator: string | null
}

/**
 * The columns of it, all JSON: what authorization servers say may be any text, and not every text of JavaScript's can
 * be kept by every database.
 */
export interface GrantColumns {
  readonly authorization_server: string
  /** Without its secret. */
  readonly client: string
  readonly resource_indicator: string | null
}

export const encodeGrant = ({ authorizationServer, client, resourceIndicator }: Grant): GrantColumns => ({
  authorization_server: JSON.stringify(authorizationServer),
  client: encodeClient(client),
  resource_indicator: encodeText(resourceIndicator),
})

export const decodeGrant = Effect.fnUntraced(function* (
  columns: GrantColumns,
  clientSecret: Redacted.Redacted<string> | null,
) {
  const grant: Grant = {
    authorizationServer: yield* decodeAuthorizationServer(columns.authorization_server),
    client: yield* decodeClient(columns.client, clientSecret),
    resourceIndicator: yield* decodeText(columns.resource_indicator),
  }
  return grant
})

/** A client without its secret, which is encrypted in a column of its own. */
export const encodeClient = ({ authMethod, clientId }: OAuthClient): string =>
  JSON.stringify({ clientId, authMethod })

export const decodeClient = (
  json: string,
  clientSecret: Redacted.Redacted<string> | null,
): Effect.Effect<OAuthClient, Schema.SchemaError> =>
  Effect.map(decodeOpenClient(json), (client) => ({ ...client, clientSecret }))

export const encodeText = (text: string | null): string | null =>
  text === null ? null : JSON.stringify(text)

export const decodeText = (json: string | null): Effect.Effect<string | null, Schema.SchemaError> =>
  json === null ? Effect.succeed(null) : decodeString(json)

export const decodeString = Schema.decodeEffect(Schema.fromJsonString(Schema.String))
const decodeAuthorizationServer = Schema.decodeEffect(Schema.fromJsonString(AuthorizationServer))
const decodeOpenClient = Schema.decodeEffect(
  Schema.fromJsonString(Schema.Struct({ clientId: Schema.String, authMethod: Schema.NullOr(Schema.String) })),
)

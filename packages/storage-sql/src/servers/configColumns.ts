import { type ServerConfig, ServerOAuth } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { packText, unpackText } from "../secrets/textSecrets.ts"
import type { SecretColumn } from "../secrets/secretTables.ts"

type Secret = Redacted.Redacted<string>
/** What is to be encrypted: JSON, in which any text survives. */
type Secrets = Readonly<Record<SecretColumn<"mooring_servers">, Secret | null>>

/** Parts a config into what everybody may read who reads the database, and the secrets. */
export const splitConfig = (config: ServerConfig): { readonly open: string; readonly secrets: Secrets } => {
  if (config.type === "stdio") {
    const { args, command, env, type } = config
    return {
      open: JSON.stringify({ type, command, args }),
      secrets: { auth_token: null, custom_headers: null, env: packAll(env), oauth_client_secret: null },
    }
  }
  const { authHeader, authToken, customHeaders, serverUrl, type } = config
  const { clientSecret = null, ...oauth } = config.oauth ?? {}
  return {
    open: JSON.stringify({ type, serverUrl, authHeader, ...(config.oauth === null ? {} : { oauth }) }),
    secrets: {
      auth_token: authToken === null ? null : packText(authToken),
      custom_headers: packAll(customHeaders),
      env: null,
      oauth_client_secret: clientSecret === null ? null : packText(clientSecret),
    },
  }
}

/** Puts a config together again. What was stored once is not judged anew: a policy that has changed is asked later. */
export const joinConfig = Effect.fnUntraced(function* (open: string, secrets: Secrets) {
  const stored = yield* decodeOpen(open)
  const config: ServerConfig =
    stored.type === "stdio"
      ? { ...stored, env: yield* unpackAll(secrets.env) }
      : {
          ...stored,
          authToken: yield* unpack(secrets.auth_token),
          customHeaders: yield* unpackAll(secrets.custom_headers),
          oauth:
            stored.oauth === undefined
              ? null
              : { ...stored.oauth, clientSecret: yield* unpack(secrets.oauth_client_secret) },
        }
  return config
})

/** The URL of a config, of which no more was read than everybody may read. */
export const serverUrlOf = (open: string): Effect.Effect<string | null, Schema.SchemaError> =>
  Effect.map(decodeOpen(open), (stored) => (stored.type === "stdio" ? null : stored.serverUrl))

const unpack = (packed: Secret | null) => (packed === null ? Effect.succeed(null) : unpackText(packed))

const packAll = (values: Readonly<Record<string, Secret>> | null): Secret | null =>
  values === null
    ? null
    : Redacted.make(
        JSON.stringify(Object.entries(values).map(([name, value]) => [name, Redacted.value(value)])),
      )

const unpackAll = Effect.fnUntraced(function* (packed: Secret | null) {
  if (packed === null) return null
  const entries = yield* decodeEntries(Redacted.value(packed))
  return Object.fromEntries(entries.map(([name, value]) => [name, Redacted.make(value)]))
})

const decodeOpen = Schema.decodeEffect(
  Schema.fromJsonString(
    Schema.Union([
      Schema.Struct({
        type: Schema.Literal("stdio"),
        command: Schema.String,
        args: Schema.Array(Schema.String),
      }),
      Schema.Struct({
        type: Schema.Literals(["sse", "streamable_http"]),
        serverUrl: Schema.String,
        authHeader: Schema.NullOr(Schema.String),
        oauth: Schema.optionalKey(
          Schema.Struct({
            grantType: ServerOAuth.fields.grantType,
            clientId: Schema.NullOr(Schema.String),
            issuer: Schema.NullOr(Schema.String),
            scopes: Schema.NullOr(Schema.Array(Schema.String)),
          }),
        ),
      }),
    ]),
  ),
)
// Pairs instead of an object: "__proto__" is a name like any other.
const decodeEntries = Schema.decodeEffect(
  Schema.fromJsonString(Schema.Array(Schema.Tuple([Schema.String, Schema.String]))),
)

import { type Authorization, AuthorizationId, AuthorizationState } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { makeTextSecrets } from "../secrets/textSecrets.ts"
import { decodeTime, encodeTime } from "../times.ts"
import { decodeGrant, decodeText, encodeGrant, encodeText, type GrantColumns } from "./grantColumns.ts"

/** A row of `mooring_authorizations`, as far as it is read. */
export interface AuthorizationRow extends GrantColumns, StateColumns {
  readonly id: string
  readonly organization_id: string
  readonly user_id: string
  readonly resource: string
  /** JSON. */
  readonly server_name: string
  readonly state_hash: string
  /** JSON. */
  readonly scope: string | null
  /** JSON. */
  readonly redirect_uri: string
  /** Secrets, as JWE. */
  readonly code_verifier: string
  readonly client_secret: string | null
  /** ISO 8601, UTC. */
  readonly expires_at: string
}

interface StateColumns {
  readonly state: string
  /** JSON: why, where the state is `failed`. */
  readonly failure: string | null
}

/** Translates between sign-ins and their rows, whose secrets are encrypted. */
export const makeAuthorizationRows = Effect.gen(function* () {
  const { decrypt, encrypt, keyId } = yield* makeTextSecrets("mooring_authorizations")

  const encode = Effect.fnUntraced(function* (authorization: Authorization) {
    const { client, codeVerifier, organizationId, id } = authorization
    const identity = { id, organization_id: organizationId }
    return {
      ...identity,
      user_id: authorization.userId,
      resource: authorization.resource,
      server_name: JSON.stringify(authorization.serverName),
      state_hash: authorization.stateHash,
      ...encodeGrant(authorization),
      scope: encodeText(authorization.scope),
      redirect_uri: JSON.stringify(authorization.redirectUri),
      code_verifier: yield* encrypt(identity, "code_verifier", codeVerifier),
      client_secret: yield* encrypt(identity, "client_secret", client.clientSecret),
      key_id: keyId,
      ...encodeState(authorization.state),
      expires_at: encodeTime(authorization.expiresAt),
    }
  })

  const decode = Effect.fnUntraced(function* (row: AuthorizationRow) {
    const authorization: Authorization = {
      id: AuthorizationId.make(row.id),
      organizationId: row.organization_id,
      userId: row.user_id,
      resource: row.resource,
      serverName: yield* decodeString(row.server_name),
      stateHash: row.state_hash,
      ...(yield* decodeGrant(row, yield* decrypt(row, "client_secret", row.client_secret))),
      scope: yield* decodeText(row.scope),
      redirectUri: yield* decodeString(row.redirect_uri),
      codeVerifier: yield* decrypt(row, "code_verifier", row.code_verifier),
      state: yield* decodeState(row),
      expiresAt: yield* decodeTime(row.expires_at),
    }
    return authorization
  })

  return { encode, decode }
})

export const encodeState = ({ type, ...failure }: AuthorizationState): StateColumns => ({
  state: type,
  failure: type === "failed" ? JSON.stringify(failure) : null,
})

const decodeState = Effect.fnUntraced(function* ({ failure, state }: StateColumns) {
  const why = failure === null ? {} : yield* decodeFailure(failure)
  return yield* decodeAuthorizationState({ type: state, ...why })
})

const decodeString = Schema.decodeEffect(Schema.fromJsonString(Schema.String))
const decodeFailure = Schema.decodeEffect(
  Schema.fromJsonString(Schema.Struct({ code: Schema.String, message: Schema.String })),
)
const decodeAuthorizationState = Schema.decodeUnknownEffect(AuthorizationState)

import { type Credential, CredentialId, type CredentialOwner, type Tokens } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { decodeTime, encodeTime } from "../times.ts"
import { decodeGrant, decodeText, encodeGrant, encodeText, type GrantColumns } from "./grantColumns.ts"
import { resourceDigest } from "./resourceDigest.ts"
import { makeTextSecrets } from "../secrets/textSecrets.ts"

/** A row of `mooring_credentials`, as far as it is read. */
export interface CredentialRow extends GrantColumns, TokenColumns {
  readonly id: string
  readonly organization_id: string
  readonly user_id: string
  readonly resource: string
  /** Counts claims and refreshes: the fencing token. */
  readonly version: number
  /** ISO 8601, UTC; as long as it lies ahead, somebody has a claim. */
  readonly leased_until: string | null
}

/** What a refresh writes. */
interface TokenColumns {
  /** Secrets, as JWE. */
  readonly access_token: string
  readonly refresh_token: string | null
  readonly client_secret: string | null
  readonly dpop_key: string | null
  /** JSON. */
  readonly scope: string | null
  /** ISO 8601, UTC, as the next; null in rows of releases that did not keep it. */
  readonly issued_at: string | null
  readonly expires_at: string | null
}

/** Translates between credentials and their rows, whose secrets are encrypted. */
export const makeCredentialRows = Effect.gen(function* () {
  const { decrypt, encrypt, keyId } = yield* makeTextSecrets("mooring_credentials")

  /** The other secrets, which stay the same, are encrypted again with them: a row has one key. */
  const encodeTokens = Effect.fnUntraced(function* (
    { client, dpopKey, id, organizationId }: Credential,
    tokens: Tokens,
  ) {
    const row = { id, organization_id: organizationId }
    const columns: TokenColumns & { readonly key_id: string } = {
      access_token: yield* encrypt(row, "access_token", tokens.accessToken),
      refresh_token: yield* encrypt(row, "refresh_token", tokens.refreshToken),
      client_secret: yield* encrypt(row, "client_secret", client.clientSecret),
      dpop_key: yield* encrypt(row, "dpop_key", dpopKey),
      scope: encodeText(tokens.scope),
      issued_at: encodeTime(tokens.issuedAt),
      expires_at: tokens.expiresAt === null ? null : encodeTime(tokens.expiresAt),
      key_id: keyId,
    }
    return columns
  })

  const encode = Effect.fnUntraced(function* (credential: Credential) {
    return {
      id: credential.id,
      organization_id: credential.organizationId,
      user_id: credential.userId,
      resource: credential.resource,
      resource_digest: yield* resourceDigest(credential.resource),
      ...encodeGrant(credential),
      ...(yield* encodeTokens(credential, credential.tokens)),
      version: credential.version,
      leased_until: credential.leasedUntil === null ? null : encodeTime(credential.leasedUntil),
    }
  })

  const decode = Effect.fnUntraced(function* (row: CredentialRow) {
    const credential: Credential = {
      id: CredentialId.make(row.id),
      organizationId: row.organization_id,
      userId: row.user_id,
      resource: row.resource,
      ...(yield* decodeGrant(row, yield* decrypt(row, "client_secret", row.client_secret))),
      tokens: {
        accessToken: yield* decrypt(row, "access_token", row.access_token),
        refreshToken: yield* decrypt(row, "refresh_token", row.refresh_token),
        scope: yield* decodeText(row.scope),
        // Of such a one no more is known than that it was given long ago.
        issuedAt: row.issued_at === null ? DateTime.makeUnsafe(0) : yield* decodeTime(row.issued_at),
        expiresAt: row.expires_at === null ? null : yield* decodeTime(row.expires_at),
      },
      dpopKey: yield* decrypt(row, "dpop_key", row.dpop_key),
      version: row.version,
      leasedUntil: row.leased_until === null ? null : yield* decodeTime(row.leased_until),
    }
    return credential
  })

  return { encode, encodeTokens, decode }
})

/** The columns that a credential is found by, each owner's one at most. */
export const encodeOwner = Effect.fnUntraced(function* ({
  organizationId,
  resource,
  userId,
}: CredentialOwner) {
  return {
    organization_id: organizationId,
    user_id: userId,
    resource_digest: yield* resourceDigest(resource),
  }
})

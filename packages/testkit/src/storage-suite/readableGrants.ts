import type { Authorization, Credential, OAuthClient, Tokens } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

/** A credential in a form that can be compared: two `Redacted` are equal to vitest whatever is in them. */
export const readableCredential = ({ client, dpopKey, leasedUntil, tokens, ...credential }: Credential) => ({
  ...credential,
  client: readableClient(client),
  dpopKey: readableSecret(dpopKey),
  tokens: readableTokens(tokens),
  leasedUntil: readableTime(leasedUntil),
})

/** The same for one that may not be there. */
export const readableOption = Option.map(readableCredential)

export const readableTokens = ({ accessToken, expiresAt, issuedAt, refreshToken, ...tokens }: Tokens) => ({
  ...tokens,
  accessToken: Redacted.value(accessToken),
  refreshToken: readableSecret(refreshToken),
  issuedAt: readableTime(issuedAt),
  expiresAt: readableTime(expiresAt),
})

/** A sign-in in a form that can be compared. */
export const readableAuthorization = ({
  client,
  codeVerifier,
  expiresAt,
  ...authorization
}: Authorization) => ({
  ...authorization,
  client: readableClient(client),
  codeVerifier: Redacted.value(codeVerifier),
  expiresAt: readableTime(expiresAt),
})

const readableClient = ({ clientSecret, ...client }: OAuthClient) => ({
  ...client,
  clientSecret: readableSecret(clientSecret),
})

const readableSecret = (secret: Redacted.Redacted<string> | null) =>
  secret === null ? null : Redacted.value(secret)

const readableTime = (time: DateTime.Utc | null) => (time === null ? null : DateTime.toEpochMillis(time))

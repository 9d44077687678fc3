import type { OAuthTokens } from "@modelcontextprotocol/client"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import type { Tokens } from "./Credential.ts"

/**
 * What a token endpoint gave, as it is kept.
 *
 * @param scope what was asked for, or granted before: an answer without `scope` means the same (RFC 6749, section 5.1).
 */
export const toTokens = (answer: OAuthTokens, scope: string | null, now: DateTime.Utc): Tokens => ({
  accessToken: Redacted.make(answer.access_token),
  refreshToken: answer.refresh_token === undefined ? null : Redacted.make(answer.refresh_token),
  scope: answer.scope ?? scope,
  expiresAt: answer.expires_in === undefined ? null : DateTime.add(now, { seconds: answer.expires_in }),
})

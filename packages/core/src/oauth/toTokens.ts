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
  issuedAt: now,
  expiresAt: isLifetime(answer.expires_in) ? DateTime.add(now, { seconds: answer.expires_in }) : null,
})

/**
 * Refuses an access token that cannot be used: of another type than ours, or such as no header can carry (RFC 6749,
 * appendix A.12). It would be kept, fail every request, and never be told to be over.
 *
 * @param hasKey whether a key was shown to which it may be bound (RFC 9449, section 5).
 */
export const checkTokens = (answer: OAuthTokens, hasKey: boolean): OAuthTokens => {
  // A client must not use a token whose type it does not understand (RFC 6749, section 7.1).
  if (!/^bearer$/i.test(answer.token_type) && !(hasKey && isDpopBound(answer)))
    throw new Error("The token is of a type that was not asked for")
  return checkIssued(answer)
}

/** The same for what is handed on to another authorization server, and is an access token of no type (RFC 8693, section 2.2.1). */
export const checkIssued = (answer: OAuthTokens): OAuthTokens => {
  if (!/^[\u0020-\u007e]+$/.test(answer.access_token)) throw new Error("The access token cannot be sent")
  return answer
}

/** Whether the token is of use only with a proof that its key is there (RFC 9449, section 7.1). */
export const isDpopBound = ({ token_type }: OAuthTokens): boolean => token_type.toLowerCase() === "dpop"

/** One that has passed already, or reaches further than anybody can mean, says nothing: the MCP server will tell. */
const isLifetime = (seconds: number | undefined): seconds is number =>
  seconds !== undefined && seconds > 0 && seconds < 10 * 365 * 24 * 3600

import * as DateTime from "effect/DateTime"
import type { Tokens } from "./Credential.ts"

/** How long before its end a token is renewed at most, so that no request has to be sent twice. */
const aheadMs = 30_000

/** Which part of its lifetime that is at most: a token that lives for half a minute is not renewed before every request. */
const aheadPart = 1 / 4

/** Whether an access token is over or about to be, as far as its authorization server has said. */
export const endsSoon = ({ expiresAt, issuedAt }: Tokens, nowMillis: number): boolean => {
  if (expiresAt === null) return false
  const end = DateTime.toEpochMillis(expiresAt)
  const lifetime = end - DateTime.toEpochMillis(issuedAt)
  return end - Math.min(aheadMs, lifetime * aheadPart) <= nowMillis
}

import * as DateTime from "effect/DateTime"
import type { Tokens } from "./Credential.ts"

/** How long before its end a token is renewed, so that no request has to be sent twice. */
const aheadMs = 30_000

/** Whether an access token is over or about to be, as far as its authorization server has said. */
export const endsSoon = ({ expiresAt }: Tokens, nowMillis: number): boolean =>
  expiresAt !== null && DateTime.toEpochMillis(expiresAt) <= nowMillis + aheadMs

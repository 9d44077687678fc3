import * as Effect from "effect/Effect"
import { randomBytes } from "node:crypto"

/** `mooring secret`: a new key. */
export const secret = (): Effect.Effect<string> => Effect.sync(() => randomBytes(32).toString("base64url"))

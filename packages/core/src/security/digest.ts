import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as base64url from "jose/base64url"

/** SHA-256 of a secret, as base64url: of fixed length, and tells nothing of what it stands for. */
export const digest = (secret: Redacted.Redacted<string>): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() =>
      globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(Redacted.value(secret))),
    ),
    (hash) => base64url.encode(new Uint8Array(hash)),
  )

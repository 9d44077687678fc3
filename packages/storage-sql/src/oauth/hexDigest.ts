import * as Hex from "effect/encoding/Hex"
import * as Effect from "effect/Effect"

/** SHA-256 of a text, in hex: what a row is found by whose own text may be too long for an index. */
export const hexDigest = (text: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    (hash) => Hex.encode(new Uint8Array(hash)),
  )

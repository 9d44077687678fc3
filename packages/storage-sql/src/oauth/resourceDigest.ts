import * as Hex from "effect/encoding/Hex"
import * as Effect from "effect/Effect"

/**
 * What a resource is found by: SHA-256, in hex. The URL itself may have thousands of characters, and an entry of
 * PostgreSQL's indexes has room for 2704 bytes.
 */
export const resourceDigest = (resource: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(resource))),
    (hash) => Hex.encode(new Uint8Array(hash)),
  )

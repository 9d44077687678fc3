import type * as Effect from "effect/Effect"
import { hexDigest } from "./hexDigest.ts"

/**
 * What a resource is found by: SHA-256, in hex. The URL itself may have thousands of characters, and an entry of
 * PostgreSQL's indexes has room for 2704 bytes.
 */
export const resourceDigest = (resource: string): Effect.Effect<string> => hexDigest(resource)

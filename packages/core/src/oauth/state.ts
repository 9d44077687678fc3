import * as Redacted from "effect/Redacted"
import * as base64url from "jose/base64url"
import { digest } from "../security/digest.ts"

/** A `state` that nobody can guess (RFC 6749, section 10.12). */
export const newState = (): Redacted.Redacted<string> =>
  Redacted.make(base64url.encode(globalThis.crypto.getRandomValues(new Uint8Array(32))))

/**
 * What a state is found by. It is looked up by its digest: how long a comparison takes tells nothing of the states
 * that are there.
 */
export const stateHash = digest

import * as Effect from "effect/Effect"
import { canonicalJson } from "./canonicalJson.ts"
import type { ToolDefinition } from "./ToolDefinition.ts"

/**
 * What tells one definition of a tool from another: the SHA-256, in hex, of all that its server says of it as canonical
 * JSON. The order of keys makes no difference.
 */
export const toolFingerprint = (definition: ToolDefinition): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() =>
      globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonicalJson(definition))),
    ),
    (hash) => Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  )

/** A tool as a server has just listed it. */
export interface ListedTool {
  readonly definition: ToolDefinition
  readonly fingerprint: string
}

/** Ten thousand at once would keep everything else waiting. */
export const withFingerprints = (
  definitions: ReadonlyArray<ToolDefinition>,
): Effect.Effect<ReadonlyArray<ListedTool>> =>
  Effect.forEach(
    definitions,
    (definition) => Effect.map(toolFingerprint(definition), (fingerprint) => ({ definition, fingerprint })),
    { concurrency: 16 },
  )

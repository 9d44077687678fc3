import type { PriorDiscovery } from "@modelcontextprotocol/client"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/**
 * How long it is believed that a server speaks only `initialize`. A wrong belief would never correct itself: a
 * server that has learnt the 2026-07-28 revision still answers the old handshake.
 */
const legacyMillis = 10 * 60 * 1000
const maxVerdicts = 2_000
/** Of a modern verdict as JSON. What a server says of itself beyond that is hostile, and not worth remembering. */
const maxVerdictLength = 16_384

/**
 * Remembers which era of MCP a server speaks, so that connecting again costs no probe: none at all to a modern
 * server, and one round trip less to an older one. A verdict counts for one authorization context, the key's.
 */
export interface EraVerdicts {
  readonly get: (key: string) => Effect.Effect<PriorDiscovery | undefined>
  readonly set: (key: string, verdict: PriorDiscovery) => Effect.Effect<void>
  /** What was done on the strength of the verdict failed. */
  readonly forget: (key: string) => void
}

export const makeEraVerdicts = (): EraVerdicts => {
  const verdicts = new Map<string, { readonly verdict: PriorDiscovery; readonly at: number }>()
  return {
    get: (key) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const known = verdicts.get(key)
        if (known === undefined) return undefined
        return known.verdict.kind === "legacy" && now - known.at > legacyMillis ? undefined : known.verdict
      }),
    set: (key, verdict) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const kept = withoutProse(verdict)
        verdicts.delete(key)
        if (kept.kind === "modern" && JSON.stringify(kept.discover).length > maxVerdictLength) return
        verdicts.set(key, { verdict: kept, at: now })
        const oldest = verdicts.keys().next()
        if (verdicts.size > maxVerdicts && oldest.done !== true) verdicts.delete(oldest.value)
      }),
    forget: (key) => void verdicts.delete(key),
  }
}

/** Instructions for a model are no part of the verdict, and may be long. */
const withoutProse = (verdict: PriorDiscovery): PriorDiscovery => {
  if (verdict.kind === "legacy") return verdict
  const { instructions: _, ...discover } = verdict.discover
  return { kind: "modern", discover }
}

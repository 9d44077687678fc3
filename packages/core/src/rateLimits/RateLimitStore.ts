import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { StoreError } from "../storage/StoreError.ts"

/** A bucket of tokens, which begins full and is filled up again, one token at a time. */
export interface TokenBucket {
  /** Who and what it counts. */
  readonly key: string
  /** How many tokens it holds at most. */
  readonly limit: number
  /** The time in which one token is filled up, in milliseconds. */
  readonly refillMs: number
}

/** Keeps the buckets of the rate limits (a port): for all nodes alike, where they share a storage. */
export class RateLimitStore extends Context.Service<
  RateLimitStore,
  {
    /**
     * Takes a token, in one step: of any number of callers at once as many get one as there are. Where there is none,
     * nothing changes.
     *
     * @returns how many tokens are left, below zero where there was none; and the milliseconds since the last one was
     * filled up, zero where the bucket was full.
     */
    readonly take: (
      bucket: TokenBucket,
    ) => Effect.Effect<readonly [remaining: number, elapsedMs: number], StoreError>
  }
>()("@mooring/core/rateLimits/RateLimitStore") {
  /** Buckets of this process. */
  static readonly layerMemory = Layer.sync(RateLimitStore, () => {
    const buckets = new Map<string, MemoryBucket>()
    let sweepAt = firstSweep
    return RateLimitStore.of({
      take: ({ key, limit, refillMs }) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const { filledAt, tokens } = buckets.get(key) ?? { tokens: limit, filledAt: now }
          const filled = Math.max(0, Math.floor((now - filledAt) / refillMs))
          const isFull = tokens + filled >= limit
          const available = isFull ? limit : tokens + filled
          const from = isFull ? now : filledAt + filled * refillMs
          const left = Math.max(0, available - 1)
          buckets.set(key, { tokens: left, filledAt: from, fullAt: from + (limit - left) * refillMs })
          if (buckets.size > sweepAt) {
            for (const [other, { fullAt }] of buckets) if (fullAt <= now) buckets.delete(other)
            sweepAt = Math.max(firstSweep, 2 * buckets.size)
          }
          return [available - 1, Math.max(0, now - from)] as const
        }),
    })
  })
}

interface MemoryBucket {
  readonly tokens: number
  readonly filledAt: number
  /** From then on it is as good as none. */
  readonly fullAt: number
}

const firstSweep = 1_000

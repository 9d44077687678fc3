import * as Effect from "effect/Effect"
import type { FaultyPorts } from "./memoryStorage.ts"

/** What may go wrong with rate limits, and cases that must find it. */
export const rateLimitFaults: Readonly<Record<string, FaultyPorts>> = {
  "buckets never run empty": {
    fault: () => ({ rateLimits: { take: ({ limit }) => Effect.succeed([limit - 1, 0]) } }),
    foundBy: ["rate limits: a bucket gives as many tokens as it holds, and no more"],
  },
  "all share one bucket": {
    fault: ({ rateLimits }) => ({
      rateLimits: { take: (bucket) => rateLimits.take({ ...bucket, key: "all" }) },
    }),
    foundBy: ["rate limits: buckets are told apart by their keys, whatever these are"],
  },
  "buckets are never filled up": {
    fault: ({ rateLimits }) => ({
      rateLimits: {
        take: (bucket) =>
          Effect.map(rateLimits.take({ ...bucket, refillMs: 3_600_000 }), ([left, elapsed]) => [
            left,
            Math.min(elapsed, bucket.refillMs - 1),
          ]),
      },
    }),
    foundBy: ["rate limits: an empty bucket is filled up one token at a time"],
  },
  "a bucket is read and written in two steps": {
    fault: () => {
      const buckets = new Map<string, number>()
      return {
        rateLimits: {
          take: ({ key, limit }) =>
            Effect.gen(function* () {
              const left = (buckets.get(key) ?? limit) - 1
              yield* Effect.yieldNow
              buckets.set(key, Math.max(0, left))
              return [left, 0] as const
            }),
        },
      }
    },
    foundBy: [
      "rate limits, many callers of one node: of many who take at once as many get a token as there are",
    ],
  },
}

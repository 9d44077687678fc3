import { RateLimitStore, type TokenBucket } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { atOnce } from "./atOnce.ts"
import type { RaceCase } from "./onNodes.ts"
import { Patience } from "./SignalLog.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"
import { times } from "./times.ts"

const take = (bucket: TokenBucket) => RateLimitStore.use((store) => store.take(bucket))

/** Takes tokens until one is there that is looked for. */
const takeUntil = (bucket: TokenBucket, isWanted: (remaining: number) => boolean) =>
  Effect.flatMap(Patience, (patience) =>
    take(bucket).pipe(
      Effect.repeat({
        schedule: Schedule.spaced("5 millis"),
        until: ([remaining]) => isWanted(remaining),
      }),
      Effect.timeout(patience),
    ),
  )

/** One that is not filled up while a case lasts. */
const slowBucket = (limit: number): TokenBucket => ({
  key: uniqueName("bucket"),
  limit,
  refillMs: 3_600_000,
})

/** Buckets of tokens. */
export const rateLimitCases: StorageCases = {
  "a bucket gives as many tokens as it holds, and no more": onNode(
    Effect.gen(function* () {
      const bucket = slowBucket(3)
      const left = []
      for (const _ of [1, 2, 3, 4, 5]) left.push((yield* take(bucket))[0])
      expect(left).toStrictEqual([2, 1, 0, -1, -1])
    }),
  ),

  "buckets are told apart by their keys, whatever these are": onNode(
    Effect.gen(function* () {
      const { key, ...bucket } = slowBucket(1)
      const keys = [
        key,
        `${key} `,
        `${key}'; drop table users; --`,
        key.toUpperCase(),
        `${key}\u00e9`,
        `${key}e\u0301`,
      ]
      for (const one of keys) expect((yield* take({ ...bucket, key: one }))[0]).toBe(0)
      for (const one of keys) expect((yield* take({ ...bucket, key: one }))[0]).toBe(-1)
    }),
  ),

  "the time since the last token is told, and is none where the bucket was full": onNode(
    Effect.gen(function* () {
      const bucket = slowBucket(2)
      expect(yield* take(bucket)).toStrictEqual([1, 0])
      for (const _ of [1, 2]) {
        const [, elapsed] = yield* take(bucket)
        expect(elapsed).toBeGreaterThanOrEqual(0)
        expect(elapsed).toBeLessThan(bucket.refillMs)
      }
    }),
  ),

  "an empty bucket is filled up one token at a time": onNode(
    Effect.gen(function* () {
      const bucket = { ...slowBucket(2), refillMs: 20 }
      yield* take(bucket)
      yield* take(bucket)
      const [remaining, elapsed] = yield* takeUntil(bucket, (left) => left >= 0)
      expect(remaining).toBeLessThan(bucket.limit)
      expect(elapsed).toBeLessThan(bucket.refillMs)
    }),
  ),

  "a full bucket holds no more than its limit, also where that has become less": onNode(
    Effect.gen(function* () {
      const { key } = slowBucket(1)
      const fast = { key, limit: 40, refillMs: 1 }
      yield* take(fast)
      yield* takeUntil(fast, (left) => left === 39)
      expect((yield* take({ key, limit: 3, refillMs: 3_600_000 }))[0]).toBe(2)
    }),
  ),
}

export const rateLimitRaces: Readonly<Record<string, RaceCase>> = {
  "of many who take at once as many get a token as there are": Effect.fnUntraced(function* (nodes) {
    const bucket = slowBucket(20)
    const taken = yield* atOnce(
      nodes,
      times(50, () => take(bucket)),
    )
    const left = taken.map(([remaining]) => remaining).filter((remaining) => remaining >= 0)
    expect(left.toSorted((one, other) => one - other)).toStrictEqual(times(20, (index) => index))
  }),
}

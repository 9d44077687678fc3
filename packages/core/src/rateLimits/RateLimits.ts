import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RateLimiter from "effect/persistence/RateLimiter"
import type { Actor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import { StoreError } from "../storage/StoreError.ts"
import { type RateKind, RateLimited } from "./RateLimited.ts"
import { RateLimitStore } from "./RateLimitStore.ts"

/**
 * What one operation has been counted as already. Services call one another, and a request calls several of them:
 * whoever begins provides it, and the rest counts once.
 */
export const Counted = Context.Reference<Set<RateKind> | undefined>("@mooring/core/rateLimits/Counted", {
  defaultValue: () => undefined,
})

/** How often an actor may ask (the option `rateLimit`). The services count by it, so that no route goes around it. */
export class RateLimits extends Context.Service<
  RateLimits,
  {
    /** Whether anything is limited. */
    readonly isOn: boolean
    /** The same method, which counts its calls. Where nothing is limited, it is the method itself. */
    readonly limited: <Args extends ReadonlyArray<unknown>, A, E, R>(
      kind: RateKind,
      method: (actor: Actor, ...args: Args) => Effect.Effect<A, E, R>,
    ) => (actor: Actor, ...args: Args) => Effect.Effect<A, E | RateLimited | StoreError, R>
  }
>()("@mooring/core/rateLimits/RateLimits") {
  static readonly layer = Layer.effect(
    RateLimits,
    Effect.gen(function* () {
      const { rateLimit } = yield* Options
      const limiter = yield* makeLimiter
      const isOn = [rateLimit.user, rateLimit.organization].some((rates) => Object.keys(rates).length > 0)

      const take = Effect.fnUntraced(function* (
        kind: RateKind,
        whose: RateLimited["whose"],
        owner: ReadonlyArray<string>,
      ) {
        const limit = rateLimit[whose][kind]
        if (limit === undefined) return
        const { windowMs } = rateLimit
        yield* limiter
          .consume({
            algorithm: "token-bucket",
            key: JSON.stringify([kind, ...owner]),
            limit,
            window: Duration.millis(windowMs),
          })
          .pipe(
            Effect.mapError(({ reason }) =>
              reason._tag === "RateLimitExceeded"
                ? new RateLimited({
                    kind,
                    whose,
                    limit,
                    windowMs,
                    retryAfterMs: Duration.toMillis(reason.retryAfter),
                  })
                : new StoreError({ operation: "RateLimitStore.take", cause: reason.cause }),
            ),
          )
      })

      const count = Effect.fnUntraced(function* (
        { organizationId, userId }: Actor,
        kind: RateKind,
        counted: Set<RateKind>,
      ) {
        const kinds: ReadonlyArray<RateKind> = ["requests", kind]
        for (const one of kinds) {
          if (counted.has(one)) continue
          // A user who asks too often takes nothing away from the others.
          yield* take(one, "user", [organizationId, userId])
          yield* take(one, "organization", [organizationId])
          counted.add(one)
        }
      })

      return RateLimits.of({
        isOn,
        limited: (kind, method) => {
          if (!isOn) return method
          return (actor, ...args) =>
            Effect.flatMap(Counted, (counted = new Set<RateKind>()) =>
              Effect.andThen(
                count(actor, kind, counted),
                Effect.provideService(
                  Effect.suspend(() => method(actor, ...args)),
                  Counted,
                  counted,
                ),
              ),
            )
        },
      })
    }),
  )
}

/** Effect's limiter, of which the buckets of tokens are used, over the host's storage. */
const makeLimiter = Effect.gen(function* () {
  const store = yield* RateLimitStore
  const unused = yield* RateLimiter.RateLimiterStore
  const buckets: RateLimiter.RateLimiterStore["Service"] = {
    ...unused,
    tokenBucket: ({ key, limit, refillRate }) =>
      Effect.mapError(
        store.take({ key, limit, refillMs: Duration.toMillis(refillRate) }),
        (error) =>
          new RateLimiter.RateLimiterError({
            reason: new RateLimiter.RateLimitStoreError({ message: error.message, cause: error.cause }),
          }),
      ),
  }
  return yield* Effect.provideService(RateLimiter.make, RateLimiter.RateLimiterStore, buckets)
}).pipe(Effect.provide(RateLimiter.layerStoreMemory))

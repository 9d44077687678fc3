import * as Effect from "effect/Effect"
import type { Actor } from "../actors/Actor.ts"
import { TooManyConnects } from "./TooManyConnects.ts"

/** How many connects each user follows on this node, and no more than allowed. */
export const makeConnectPlaces = (max: number) => {
  const taken = new Map<string, number>()
  const keyOf = ({ organizationId, userId }: Actor) => JSON.stringify([organizationId, userId])

  /** Fails where there is no place left. It takes none: what is not begun yet may never be. */
  const check = (actor: Actor) =>
    Effect.suspend(() =>
      (taken.get(keyOf(actor)) ?? 0) < max ? Effect.void : Effect.fail(new TooManyConnects({ max })),
    )

  /** Takes a place until the scope ends. */
  const take = (actor: Actor) => {
    const key = keyOf(actor)
    return Effect.acquireRelease(
      Effect.tap(check(actor), () => Effect.sync(() => taken.set(key, (taken.get(key) ?? 0) + 1))),
      () =>
        Effect.sync(() => {
          const left = (taken.get(key) ?? 1) - 1
          if (left === 0) taken.delete(key)
          else taken.set(key, left)
        }),
    )
  }
  return { check, take }
}

import type { Stores } from "@mooring/core"
import * as Effect from "effect/Effect"
import type { SuiteStorage } from "./SuiteStorage.ts"

/** Runs an effect on a node that is opened for it, and closed after it. */
export const onNewNode = <A, E>(storage: SuiteStorage, effect: Effect.Effect<A, E, Stores>) =>
  Effect.scoped(Effect.flatMap(storage.openNode, (node) => Effect.provide(effect, node)))

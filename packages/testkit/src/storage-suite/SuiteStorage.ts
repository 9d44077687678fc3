import type { Stores } from "@mooring/core"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type * as Scope from "effect/Scope"
import type { OpenStorage } from "./StorageUnderTest.ts"

/** The stores of one node. */
export type Node = Context.Context<Stores>

/** A storage as the cases of one group share it. */
export interface SuiteStorage {
  /** So many nodes over the same data, the same ones each time, open until the group ends. */
  readonly nodes: (count: number) => Effect.Effect<ReadonlyArray<Node>, Error>
  /** One more node, open until the scope ends. */
  readonly openNode: Effect.Effect<Node, Error, Scope.Scope>
  /** What is kept outside of the process, or undefined where nothing is. */
  readonly dump: (() => Promise<ReadonlyArray<Uint8Array | string>>) | undefined
  readonly close: () => Promise<void>
}

/** A case fails where its effect fails or dies, as a failed expectation makes it do. */
export type StorageCase = (storage: SuiteStorage) => Effect.Effect<void, unknown, Scope.Scope>

/** Cases by their titles. */
export type StorageCases = Readonly<Record<string, StorageCase>>

/** A case that needs no more than the stores of one node. */
export const onNode =
  (effect: Effect.Effect<void, unknown, Stores | Scope.Scope>): StorageCase =>
  (storage) =>
    Effect.flatMap(storage.nodes(1), ([node]) =>
      node === undefined ? Effect.die("no node was opened") : Effect.provide(effect, node),
    )

/** Opens a new storage for one group of cases. */
export const openSuiteStorage = async (open: OpenStorage): Promise<SuiteStorage> => {
  const storage = await open()
  const shared: Array<ManagedRuntime.ManagedRuntime<Stores, Error>> = []
  return {
    nodes: (count) =>
      Effect.suspend(() => {
        while (shared.length < count) shared.push(ManagedRuntime.make(storage.openNode()))
        return Effect.forEach(shared.slice(0, count), (runtime) => runtime.contextEffect)
      }),
    openNode: Effect.acquireRelease(
      Effect.sync(() => ManagedRuntime.make(storage.openNode())),
      (runtime) => runtime.disposeEffect,
    ).pipe(Effect.flatMap((runtime) => runtime.contextEffect)),
    dump: storage.dump,
    close: async () => {
      await Promise.all(shared.map((runtime) => runtime.dispose()))
      await storage.close()
    },
  }
}

import type { Stores } from "@mooring/core"
import type * as Layer from "effect/Layer"

/** A storage as the suite uses it, with data of its own. */
export interface StorageUnderTest {
  /**
   * The stores as one node of several opens them, their tables brought up to date: called once for each node, all over
   * the same data. A node is closed by the end of its layer's scope.
   */
  readonly openNode: () => Layer.Layer<Stores, Error>
  /**
   * Everything that is kept outside of the process, deleted rows and logs included, to be searched for plaintext
   * secrets. Left out by a storage that keeps nothing there.
   */
  readonly dump?: () => Promise<ReadonlyArray<Uint8Array | string>>
  /** Removes the data. Every node has been closed before. */
  readonly close: () => Promise<void>
}

/** Makes a new storage without data. */
export type OpenStorage = () => Promise<StorageUnderTest>

/** In what a storage differs from others. */
export interface StorageTraits {
  /**
   * `one`: an embedded storage that no two nodes have open at the same time; cases that need two are left out.
   * Default: `several`.
   */
  readonly nodes?: "one" | "several"
}

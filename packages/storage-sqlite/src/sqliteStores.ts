import { type KeyRingInput, SecretCipher, SignalHub, type Stores } from "@mooring/core"
import { layerSqlStores, type SqlStoresOptions } from "@mooring/storage-sql"
import * as Layer from "effect/Layer"
import { sqliteClient } from "./client/SqliteClient.ts"
import { layerWatch } from "./layerWatch.ts"

/** What stores in a SQLite file need to know. */
export interface SqliteStoresOptions extends SqlStoresOptions {
  /** Path of the file. It is made where it does not exist, with its folders. It must not lie on a network drive. */
  readonly file: string
  /**
   * What the secrets are encrypted with: 32 bytes as hex or base64url, several as a list or separated by commas. The
   * first one encrypts, all of them decrypt. `mooring secret` makes one.
   */
  readonly keys: KeyRingInput
}

/**
 * Keeps everything in one SQLite file: for hosts on one machine. Other processes may use the file at the same time.
 *
 * @example
 * ```ts
 * const mooring = createMooring({
 *   actor: "single-user",
 *   stores: sqliteStores({ file: "data/mooring.sqlite", keys: process.env.MOORING_KEY }),
 * })
 * await mooring.ready
 * ```
 */
export const sqliteStores = ({ file, keys, ...options }: SqliteStoresOptions): Layer.Layer<Stores, Error> =>
  layerSqlStores(options).pipe(
    Layer.provide(layerWatch),
    Layer.provide([sqliteClient({ file }), SignalHub.layer("resumed")]),
    // Before a file is made: without a key there is nothing to begin with.
    Layer.provide(SecretCipher.layer(keys)),
  )

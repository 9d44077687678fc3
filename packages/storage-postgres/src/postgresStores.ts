import * as PgClient from "@effect/sql-pg/PgClient"
import { type KeyRingInput, SecretCipher, SignalHub, type Stores } from "@mooring/core"
import { layerSqlStores, type SqlStoresOptions } from "@mooring/storage-sql"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import { layerListener } from "./layerListener.ts"
import { layerReachable } from "./layerReachable.ts"
import { type PostgresOptions, toClientConfig } from "./toClientConfig.ts"

/** What all stores in PostgreSQL need to know. */
export interface PostgresStoresBaseOptions extends SqlStoresOptions {
  /**
   * What the secrets are encrypted with: 32 bytes as hex or base64url, several as a list or separated by commas. The
   * first one encrypts, all of them decrypt. `mooring secret` makes one. All nodes are given the same keys.
   */
  readonly keys: KeyRingInput
}

export interface PostgresStoresOptions extends PostgresStoresBaseOptions, PostgresOptions {}

/**
 * Keeps everything in PostgreSQL: for one node or many. Nodes hear of each other's changes at once (LISTEN/NOTIFY).
 *
 * @example
 * ```ts
 * const mooring = createMooring({
 *   actor: "single-user",
 *   stores: postgresStores({ url: process.env.DATABASE_URL, keys: process.env.MOORING_KEY }),
 * })
 * await mooring.ready
 * ```
 */
export const postgresStores = ({
  keys,
  migrations,
  timeout,
  ...postgres
}: PostgresStoresOptions): Layer.Layer<Stores, Error> =>
  Layer.unwrap(
    Effect.map(Effect.fromResult(toClientConfig(postgres)), (config) =>
      layerSqlStores({ migrations, timeout }).pipe(
        // A connection of its own: it would be missing in the pool.
        Layer.provide(layerListener(listenAlone(config))),
        Layer.provide([Reactivity.layer, layerReachable]),
        Layer.provide([PgClient.layer(config), SignalHub.layer("interrupted")]),
      ),
    ),
  ).pipe(
    // Before anything is connected: without a key there is nothing to begin with.
    Layer.provide(SecretCipher.layer(keys)),
  )

/**
 * Listens on a connection of its own. It is closed before the listening ends: otherwise UNLISTEN is sent on it, and where
 * the server no longer answers, neither closing Mooring nor listening anew would get past that.
 */
const listenAlone = Effect.fnUntraced(function* (config: PgClient.PgClientConfig) {
  const connection = yield* Effect.acquireRelease(Scope.make(), Scope.close)
  const client = yield* Scope.provide(PgClient.makeClient(config), connection)
  const notifications = yield* client.listen("mooring")
  yield* Effect.addFinalizer((exit) => Scope.close(connection, exit))
  return notifications
})

/**
 * The same on a client that the application has already, for applications on Effect. Listening opens one more connection
 * with its settings.
 */
export const layerPostgresStores = ({
  keys,
  ...options
}: PostgresStoresBaseOptions): Layer.Layer<Stores, Error, PgClient.PgClient | SqlClient> =>
  layerSqlStores(options).pipe(
    Layer.provide(
      Layer.unwrap(Effect.map(PgClient.PgClient, ({ config }) => layerListener(listenAlone(config)))),
    ),
    Layer.provide([Reactivity.layer, layerReachable]),
    Layer.provide(SignalHub.layer("interrupted")),
    Layer.provide(SecretCipher.layer(keys)),
  )

import { Migrations, SignalHub, type Stores, type SecretCipher } from "@mooring/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { MigrationError } from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { layerSqlAuditStore } from "./audit/SqlAuditStore.ts"
import { recordKey, type SecretKeyMissing } from "./secrets/checkKeys.ts"
import { migrate, pendingMigrations } from "./migrations/migrate.ts"
import { layerSqlAuthorizationStore } from "./oauth/SqlAuthorizationStore.ts"
import { layerSqlClientRegistrationStore } from "./oauth/SqlClientRegistrationStore.ts"
import { layerSqlCredentialStore } from "./oauth/SqlCredentialStore.ts"
import { layerSqlRateLimitStore } from "./rateLimits/SqlRateLimitStore.ts"
import { layerSqlMcpServerStore } from "./servers/SqlMcpServerStore.ts"
import { makeStoreMethod } from "./storeMethod.ts"
import { layerSqlToolStore } from "./tools/SqlToolStore.ts"

/** What may be set for stores in a database. */
export interface SqlStoresOptions {
  /**
   * `"automatic"` brings the tables up to this release at the start. With `"manual"` somebody calls
   * `mooring.migrate()` or `mooring migrate` before the first request. Default: `"automatic"`.
   */
  readonly migrations?: "automatic" | "manual" | undefined
  /** How long a method of a store may take before it fails with `StoreError`. Default: 4 seconds. */
  readonly timeout?: Duration.Input | undefined
}

/** Why stores in a database don't start. */
export type SqlStoresError = MigrationError | SecretKeyMissing | SqlError

/** All stores in one database, SQLite or PostgreSQL. What changes on other nodes is told by who provides the hub. */
export const layerSqlStores = ({
  migrations = "automatic",
  timeout = Duration.seconds(4),
}: SqlStoresOptions = {}): Layer.Layer<Stores, SqlStoresError, SqlClient | SecretCipher | SignalHub> =>
  Layer.mergeAll(
    layerSqlMcpServerStore(timeout),
    layerSqlToolStore(timeout),
    layerSqlCredentialStore(timeout),
    layerSqlAuthorizationStore(timeout),
    layerSqlAuditStore(timeout),
    layerSqlRateLimitStore(timeout),
    layerSqlClientRegistrationStore(timeout),
    SignalHub.layerSignals,
    layerMigrations,
  ).pipe(Layer.provideMerge(Layer.effectDiscard(start(migrations))))

const start = Effect.fnUntraced(function* (migrations: "automatic" | "manual") {
  if (migrations === "automatic") yield* migrate
  if ((yield* pendingMigrations).length === 0) return yield* recordKey
  yield* Effect.logWarning(
    'The database is not of the form that this release needs. Until it is brought there, by mooring.migrate() or the command "mooring migrate", requests fail.',
  )
})

const layerMigrations = Layer.effect(
  Migrations,
  Effect.gen(function* () {
    const sql = yield* SqlClient
    // Large tables take their time: the other methods' limit is not for this one.
    const method = yield* makeStoreMethod(Duration.infinity)
    return Migrations.of({
      run: migrate.pipe(Effect.provideService(SqlClient, sql), method("Migrations.run")),
    })
  }),
)

export { postgresClient } from "./postgresClient.ts"
export {
  layerPostgresStores,
  postgresStores,
  type PostgresStoresBaseOptions,
  type PostgresStoresOptions,
} from "./postgresStores.ts"
export { SecretKeyMissing } from "@mooring/storage-sql"
export { PostgresUnreachable } from "./layerReachable.ts"
export { type PostgresOptions, PostgresUrlInvalid } from "./toClientConfig.ts"

export {
  layerPostgresStores,
  postgresStores,
  type PostgresStoresBaseOptions,
  type PostgresStoresOptions,
} from "./postgresStores.ts"
export { type PostgresOptions, PostgresUrlInvalid } from "./toClientConfig.ts"

export { checkKeys, countByKey, SecretKeyMissing } from "./checkKeys.ts"
export { migrate, pendingMigrations } from "./migrations/migrate.ts"
export { rotateSecrets } from "./rotateSecrets.ts"
export { layerSqlStores, type SqlStoresError, type SqlStoresOptions } from "./SqlStores.ts"

export { checkKeys, countByKey, type KeyUse, SecretKeyMissing } from "./secrets/checkKeys.ts"
export { migrate, pendingMigrations } from "./migrations/migrate.ts"
export { rotateSecrets } from "./secrets/rotateSecrets.ts"
export { layerSqlStores, type SqlStoresError, type SqlStoresOptions } from "./SqlStores.ts"

export { SecretKeyMissing } from "@mooring/storage-sql"
export { sqliteClient, type SqliteClientOptions } from "./client/SqliteClient.ts"
export { SqliteOpenError } from "./client/SqliteOpenError.ts"
export { sqliteStores, type SqliteStoresOptions } from "./sqliteStores.ts"

import { postgresStores } from "@mooring/storage-postgres"
import { sqliteStores } from "@mooring/storage-sqlite"
import { localKey, localKeyFile } from "./localKey.ts"
import type { Settings } from "./Settings.ts"

/** The stores of the database that is set. Without keys, those of a host on this machine alone: see {@link localKeyFile}. */
export const openStores = ({
  database,
  keys = localKey(localKeyFile()),
}: Pick<Settings, "database" | "keys">) =>
  database.type === "postgres"
    ? postgresStores({ url: database.url, keys })
    : sqliteStores({ file: database.file, keys })

import * as Effect from "effect/Effect"
import { parseDatabaseUrl } from "../database/Database.ts"
import { readDatabaseInfo } from "../database/DatabaseInfo.ts"
import { infoText } from "../database/infoText.ts"
import { requireFile } from "../database/requireFile.ts"
import { withDatabase } from "../database/withDatabase.ts"
import { readKeyRing } from "../keys/KeyRing.ts"
import type { Settings } from "../Settings.ts"

/** `mooring info`: shows the database. */
export const info = Effect.fnUntraced(function* (
  { databaseUrl, keys }: Settings,
  json: boolean,
): Effect.fn.Return<string, Error> {
  const database = yield* Effect.fromResult(parseDatabaseUrl(databaseUrl))
  const ring = keys === undefined ? undefined : (yield* readKeyRing(keys)).keyIds
  yield* requireFile(database)
  const found = yield* withDatabase(database, readDatabaseInfo(database, ring))
  return json ? JSON.stringify(found, null, 2) : infoText(found)
})

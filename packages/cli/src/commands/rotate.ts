import { SecretUnreadable } from "@mooring/core"
import { checkKeys, countByKey, rotateSecrets } from "@mooring/storage-sql"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Database, parseDatabaseUrl } from "../database/Database.ts"
import { requireFile } from "../database/requireFile.ts"
import { requireMigrated } from "../database/requireMigrated.ts"
import { withDatabase } from "../database/withDatabase.ts"
import { readKeyRing } from "../keys/KeyRing.ts"
import { rotationReport } from "../keys/rotationReport.ts"
import type { Settings } from "../Settings.ts"

/** `mooring rotate`: encrypts all secrets anew with the first key of `MOORING_KEY`. */
export const rotate = Effect.fnUntraced(function* ({
  databaseUrl,
  keys,
}: Settings): Effect.fn.Return<string, Error> {
  const database = yield* Effect.fromResult(parseDatabaseUrl(databaseUrl))
  const ring = yield* readKeyRing(keys)
  yield* requireFile(database)
  const rotated = yield* withDatabase(database, Effect.provide(rotateIn(database), ring.layer))
  return yield* Effect.fromResult(rotationReport({ ...rotated, keyIds: ring.keyIds }))
})

const rotateIn = Effect.fnUntraced(function* (database: Database) {
  yield* requireMigrated(database)
  // Before anything is encrypted anew: without one of the keys, it would end in the middle.
  yield* checkKeys
  const rotated = yield* Effect.catchTag(rotateSecrets, "SecretUnreadable", (cause) =>
    Effect.fail(new RotationStopped({ cause })),
  )
  return { rotated, uses: yield* countByKey }
})

/** One of the secrets cannot be decrypted although its key is there. */
class RotationStopped extends Schema.TaggedError<RotationStopped>()("RotationStopped", {
  cause: SecretUnreadable,
}) {
  override get message() {
    return `${this.cause.message} Restore that record from a backup or delete it, and run "mooring rotate" again. Until then all keys are needed.`
  }
}

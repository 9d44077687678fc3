import { SecretCipher } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"

/** Secrets in the database were encrypted with keys that this host was not given. */
export class SecretKeyMissing extends Schema.TaggedError<SecretKeyMissing>()("SecretKeyMissing", {
  missing: Schema.Array(Schema.String),
  given: Schema.Array(Schema.String),
}) {
  override get message() {
    return `The database holds secrets that were encrypted with ${this.missing.join(", ")}, and the keys given are ${this.given.join(", ")}. Add the missing key behind the first one: a key may only be taken away after "mooring rotate".`
  }
}

/** How many servers have secrets under which key. */
export const countByKey = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const rows = yield* sql<{ readonly key_id: string; readonly servers: number | bigint | string }>`
    select key_id, count(*) as servers from mooring_servers where key_id is not null group by key_id order by key_id`
  return rows.map(({ key_id, servers }) => ({ keyId: key_id, servers: Number(servers) }))
})

/** Fails where the host could not read what is stored: at its start, and not when somebody's server is needed. */
export const checkKeys = Effect.gen(function* () {
  const { keyIds } = yield* SecretCipher
  const missing = (yield* countByKey).map(({ keyId }) => keyId).filter((keyId) => !keyIds.includes(keyId))
  if (missing.length > 0) return yield* new SecretKeyMissing({ missing, given: keyIds })
})

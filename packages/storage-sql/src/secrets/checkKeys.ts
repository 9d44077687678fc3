import { SecretCipher } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import { secretTables } from "./secretTables.ts"

/** Secrets in the database were encrypted with keys that this host was not given. */
export class SecretKeyMissing extends Schema.TaggedError<SecretKeyMissing>()("SecretKeyMissing", {
  missing: Schema.Array(Schema.String),
  given: Schema.Array(Schema.String),
}) {
  override get message() {
    return `The database holds secrets that were encrypted with ${this.missing.join(", ")}, and the keys given are ${this.given.join(", ")}. Add the missing key behind the first one: a key may only be taken away after "mooring rotate".`
  }
}

/** How much depends on a key. */
export interface KeyUse {
  readonly keyId: string
  /** How many rows, of all tables, have secrets under it. */
  readonly rows: number
  /** How many of them are MCP servers. */
  readonly servers: number
}

/** Which keys the secrets are encrypted with. */
export const countByKey = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const counted = secretTables.map(
    ({ table }) => sql`
      select key_id, count(*) as row_count, ${sql.literal(`'${table}'`)} as table_name from ${sql(table)}
      where key_id is not null group by key_id`,
  )
  const counts = yield* sql<{
    readonly key_id: string
    readonly row_count: number | bigint | string
    readonly table_name: string
  }>`${sql.join(" union all ", false)(counted)} order by key_id`

  const uses = new Map<string, KeyUse>()
  for (const { key_id: keyId, row_count, table_name } of counts) {
    const { rows, servers } = uses.get(keyId) ?? { rows: 0, servers: 0 }
    const count = Number(row_count)
    uses.set(keyId, {
      keyId,
      rows: rows + count,
      servers: servers + (table_name === "mooring_servers" ? count : 0),
    })
  }
  return [...uses.values()]
})

/** Fails where the host could not read what is stored: at its start, and not when somebody's secret is needed. */
export const checkKeys = Effect.gen(function* () {
  const { keyIds } = yield* SecretCipher
  const missing = (yield* countByKey).map(({ keyId }) => keyId).filter((keyId) => !keyIds.includes(keyId))
  if (missing.length > 0) return yield* new SecretKeyMissing({ missing, given: keyIds })
})

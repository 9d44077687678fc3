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
    return `The secrets of this database are encrypted with ${this.missing.join(", ")}, and the keys given are ${this.given.join(", ")}. Add the missing key behind the first one: a key may only be taken away after "mooring rotate".`
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

/** Fails where the host could not read what is stored, or what another node is about to store. */
export const checkKeys = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const { keyIds } = yield* SecretCipher
  const recorded = yield* sql<{ readonly key_id: string }>`select key_id from mooring_keys`
  const known = new Set([...recorded.map(({ key_id }) => key_id), ...(yield* keysInUse)])
  const missing = [...known].filter((keyId) => !keyIds.includes(keyId)).toSorted()
  if (missing.length > 0) return yield* new SecretKeyMissing({ missing, given: keyIds })
})

/**
 * At the start of a node: checks its keys, and records the one that it is going to encrypt with. Two nodes that were
 * given different keys are told apart at once, and not when each has stored what the other cannot read.
 */
export const recordKey = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const { keyId } = yield* SecretCipher
  yield* Effect.gen(function* () {
    // In SQLite every transaction begins with the lock.
    yield* sql.onDialectOrElse({
      pg: () => sql`lock table mooring_keys in exclusive mode`,
      orElse: () => Effect.void,
    })
    yield* checkKeys
    yield* sql`insert into mooring_keys ${sql.insert({ key_id: keyId })} on conflict (key_id) do nothing`
  }).pipe(sql.withTransaction)
})

/** The keys of all rows: from one to the next by the index, whatever the number of rows. */
const keysInUse = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const found = yield* Effect.forEach(
    secretTables,
    ({ table }) => sql<{ readonly key_id: string }>`
      with recursive keys (key_id) as (
        select min(key_id) from ${sql(table)} where key_id is not null
        union all
        select (select min(next.key_id) from ${sql(table)} next where next.key_id > keys.key_id)
        from keys where keys.key_id is not null
      )
      select key_id from keys where key_id is not null`,
  )
  return found.flat().map(({ key_id }) => key_id)
})

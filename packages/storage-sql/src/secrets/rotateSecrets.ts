import { SecretCipher } from "@mooring/core"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { makeSecretColumns, type RowIdentity } from "./secretColumns.ts"
import { secretTables } from "./secretTables.ts"

/** How many rows are read at once. */
const batch = 200

/**
 * Encrypts with the first key of the ring what other keys have encrypted, and returns how many rows that were. Hosts
 * may go on using the database: what they change at the same time is not overwritten. When it is done, no secret needs
 * another key than the first, unless a host still encrypts with an older one.
 */
export const rotateSecrets = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const { keyId } = yield* SecretCipher
  const counts = yield* Effect.forEach(secretTables, rotateTable)
  // From here on the others may be taken away.
  yield* sql`delete from mooring_keys where key_id <> ${keyId}`
  return counts.reduce((sum, count) => sum + count, 0)
})

const rotateTable = Effect.fnUntraced(function* ({ columns, table }: (typeof secretTables)[number]) {
  const sql = (yield* SqlClient).withoutTransforms()
  const { decrypt, encrypt, keyId } = yield* makeSecretColumns(table)

  const rotate = Effect.fnUntraced(function* (row: SecretRow) {
    const ciphertexts = columns.map((column) => [column, row[column] ?? null] as const)
    const renewed = yield* Effect.forEach(
      ciphertexts,
      Effect.fnUntraced(function* ([column, ciphertext]) {
        const secret = yield* decrypt(row, column, ciphertext)
        return [column, yield* encrypt(row, column, secret)] as const
      }),
    )
    // Each encryption gives another ciphertext: where all are as they were read, nothing has been written meanwhile.
    // A row's version is left alone, because nobody who holds it has anything new to learn.
    const written = yield* sql`
      update ${sql(table)} set ${sql.update({ ...Object.fromEntries(renewed), key_id: keyId })}
      where ${sql.and([
        sql`id = ${row.id}`,
        ...ciphertexts.map(([column, ciphertext]) => sql`${sql(column)} is not distinct from ${ciphertext}`),
      ])}
      returning id`
    return written.length
  })

  let rotated = 0
  while (true) {
    const rows = yield* sql<SecretRow>`
      select id, organization_id, ${sql.csv(columns.map((column) => sql`${sql(column)}`))} from ${sql(table)}
      where key_id is not null and key_id <> ${keyId} limit ${batch}`
    if (rows.length === 0) return rotated
    const written = yield* Effect.forEach(rows, rotate, { concurrency: 4 })
    rotated += written.reduce((sum, count) => sum + count, 0)
  }
})

type SecretRow = RowIdentity & Readonly<Partial<Record<string, string | null>>>

import { SecretCipher } from "@mooring/core"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import type { SecretColumn } from "./servers/configColumns.ts"
import { secretPlace, type ServerRow } from "./servers/ServerRow.ts"

type SecretRow = Pick<ServerRow, "id" | "organization_id" | "version" | SecretColumn>

/**
 * Encrypts with the first key of the ring what other keys have encrypted, and returns how many servers that were.
 * Hosts may go on using the database: what they change at the same time is not overwritten. When it is done, no server
 * needs another key than the first, unless a host still encrypts with an older one.
 */
export const rotateSecrets = Effect.gen(function* () {
  const sql = (yield* SqlClient).withoutTransforms()
  const { decrypt, encrypt, keyId } = yield* SecretCipher

  const rotate = Effect.fnUntraced(function* (row: SecretRow) {
    const renew = (column: SecretColumn) => {
      const ciphertext = row[column]
      const place = secretPlace(row, column)
      return ciphertext === null
        ? Effect.succeed(null)
        : Effect.flatMap(decrypt(place, ciphertext), (secret) => encrypt(place, secret))
    }
    const written = yield* sql`
      update mooring_servers set ${sql.update({
        auth_token: yield* renew("auth_token"),
        custom_headers: yield* renew("custom_headers"),
        env: yield* renew("env"),
        key_id: keyId,
        version: row.version + 1,
      })}
      where id = ${row.id} and version = ${row.version} returning id`
    return written.length
  })

  let rotated = 0
  while (true) {
    const rows = yield* sql<SecretRow>`
      select id, organization_id, version, auth_token, custom_headers, env from mooring_servers
      where key_id is not null and key_id <> ${keyId} limit 200`
    if (rows.length === 0) return rotated
    const written = yield* Effect.forEach(rows, rotate, { concurrency: 4 })
    rotated += written.reduce((sum, count) => sum + count, 0)
  }
})

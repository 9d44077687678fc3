import { SecretCipher, type SecretPlace, type SecretUnreadable } from "@mooring/core"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { SecretColumn, SecretTable } from "./secretTables.ts"

/** What names a row, of whichever table. */
export interface RowIdentity {
  readonly id: string
  readonly organization_id: string
}

/** Where a secret is: it is encrypted for this place alone. */
export const secretPlace = <Table extends SecretTable>(
  table: Table,
  { id, organization_id }: RowIdentity,
  column: SecretColumn<Table>,
): SecretPlace => ({ organizationId: organization_id, rowId: id, column: `${table}.${column}` })

/** Encrypts and decrypts the secrets of one table's rows. What is null stays null. */
export const makeSecretColumns = <Table extends SecretTable>(table: Table) =>
  Effect.map(SecretCipher, (cipher) => {
    type Column = SecretColumn<Table>
    type Secret = Redacted.Redacted<string>

    function encrypt(row: RowIdentity, column: Column, secret: Secret): Effect.Effect<string>
    function encrypt(row: RowIdentity, column: Column, secret: Secret | null): Effect.Effect<string | null>
    function encrypt(row: RowIdentity, column: Column, secret: Secret | null) {
      return secret === null ? Effect.succeed(null) : cipher.encrypt(secretPlace(table, row, column), secret)
    }

    type Decrypted<A> = Effect.Effect<A, SecretUnreadable>
    function decrypt(row: RowIdentity, column: Column, ciphertext: string): Decrypted<Secret>
    function decrypt(row: RowIdentity, column: Column, ciphertext: string | null): Decrypted<Secret | null>
    function decrypt(row: RowIdentity, column: Column, ciphertext: string | null) {
      return ciphertext === null
        ? Effect.succeed(null)
        : cipher.decrypt(secretPlace(table, row, column), ciphertext)
    }

    return { encrypt, decrypt, keyId: cipher.keyId }
  })

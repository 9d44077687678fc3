import type { SecretUnreadable } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { makeSecretColumns, type RowIdentity } from "./secretColumns.ts"
import type { SecretColumn, SecretTable } from "./secretTables.ts"

type Secret = Redacted.Redacted<string>

/** A secret text as it is encrypted: as JSON, in which any text survives, halves of surrogate pairs too. */
export const packText = (secret: Secret): Secret => Redacted.make(JSON.stringify(Redacted.value(secret)))

export const unpackText = (packed: Secret): Effect.Effect<Secret, Schema.SchemaError> =>
  Effect.map(decodeText(Redacted.value(packed)), (text) => Redacted.make(text))

const decodeText = Schema.decodeEffect(Schema.fromJsonString(Schema.String))

/** `makeSecretColumns` for a table each of whose secrets is one text. */
export const makeTextSecrets = <Table extends SecretTable>(table: Table) =>
  Effect.map(makeSecretColumns(table), (columns) => {
    type Column = SecretColumn<Table>

    function encrypt(row: RowIdentity, column: Column, secret: Secret): Effect.Effect<string>
    function encrypt(row: RowIdentity, column: Column, secret: Secret | null): Effect.Effect<string | null>
    function encrypt(row: RowIdentity, column: Column, secret: Secret | null) {
      return columns.encrypt(row, column, secret === null ? null : packText(secret))
    }

    type Decrypted<A> = Effect.Effect<A, SecretUnreadable | Schema.SchemaError>
    function decrypt(row: RowIdentity, column: Column, ciphertext: string): Decrypted<Secret>
    function decrypt(row: RowIdentity, column: Column, ciphertext: string | null): Decrypted<Secret | null>
    function decrypt(row: RowIdentity, column: Column, ciphertext: string | null) {
      return ciphertext === null
        ? Effect.succeed(null)
        : Effect.flatMap(columns.decrypt(row, column, ciphertext), unpackText)
    }

    return { encrypt, decrypt, keyId: columns.keyId }
  })

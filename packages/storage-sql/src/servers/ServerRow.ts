import { type McpServer, McpServerId, SecretCipher } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { joinConfig, type SecretColumn, secretColumns, splitConfig } from "./configColumns.ts"

/** A row of `mooring_servers`, as far as it is read. */
export interface ServerRow {
  readonly id: string
  readonly organization_id: string
  readonly name: string
  /** JSON: the config without its secrets. */
  readonly config: string
  /** Secrets, as JWE. */
  readonly auth_token: string | null
  readonly custom_headers: string | null
  readonly env: string | null
  readonly revision: number
  /** Counts every change of the record. */
  readonly version: number
  readonly created_by: string
  readonly updated_by: string
  /** ISO 8601, UTC. */
  readonly created_at: string
  readonly updated_at: string
}

/** The columns that a config fills. */
export interface ConfigColumns extends Pick<ServerRow, "config" | SecretColumn> {
  /** The key that the secrets are encrypted with; null where there are none. */
  readonly key_id: string | null
}

/** Where a secret of a server is: it is encrypted for this place alone. */
export const secretPlace = (row: Pick<ServerRow, "id" | "organization_id">, column: SecretColumn) => ({
  organizationId: row.organization_id,
  rowId: row.id,
  column: `mooring_servers.${column}`,
})

/** Translates between servers and their rows, whose secrets are encrypted. */
export const makeServerRows = Effect.gen(function* () {
  const cipher = yield* SecretCipher

  const encodeConfig = Effect.fnUntraced(function* (server: McpServer) {
    const { open, secrets } = splitConfig(server.config)
    const row = { id: server.id, organization_id: server.organizationId }
    const encrypt = (column: SecretColumn) => {
      const secret = secrets[column]
      return secret === null ? Effect.succeed(null) : cipher.encrypt(secretPlace(row, column), secret)
    }
    const columns: ConfigColumns = {
      config: open,
      auth_token: yield* encrypt("auth_token"),
      custom_headers: yield* encrypt("custom_headers"),
      env: yield* encrypt("env"),
      key_id: secretColumns.every((column) => secrets[column] === null) ? null : cipher.keyId,
    }
    return columns
  })

  const decode = Effect.fnUntraced(function* (row: ServerRow) {
    const decrypt = (column: SecretColumn) => {
      const ciphertext = row[column]
      return ciphertext === null ? Effect.succeed(null) : cipher.decrypt(secretPlace(row, column), ciphertext)
    }
    const server: McpServer = {
      id: McpServerId.make(row.id),
      organizationId: row.organization_id,
      name: row.name,
      config: yield* joinConfig(row.config, {
        auth_token: yield* decrypt("auth_token"),
        custom_headers: yield* decrypt("custom_headers"),
        env: yield* decrypt("env"),
      }),
      revision: row.revision,
      createdBy: row.created_by,
      updatedBy: row.updated_by,
      createdAt: yield* decodeTime(row.created_at),
      updatedAt: yield* decodeTime(row.updated_at),
    }
    return server
  })

  return { encodeConfig, decode }
})

const decodeTime = Schema.decodeEffect(Schema.DateTimeUtcFromString)
/** `2026-11-21T12:00:00.000Z` */
export const encodeTime = (time: DateTime.Utc): string => DateTime.formatIso(time)

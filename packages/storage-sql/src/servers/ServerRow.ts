import { type McpServer, McpServerId } from "@mooring/core"
import * as Effect from "effect/Effect"
import { makeSecretColumns } from "../secrets/secretColumns.ts"
import type { SecretColumn } from "../secrets/secretTables.ts"
import { decodeTime } from "../times.ts"
import { joinConfig, splitConfig } from "./configColumns.ts"

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
  readonly oauth_client_secret: string | null
  readonly revision: number
  /** Counts every change of the record. */
  readonly version: number
  readonly created_by: string
  readonly updated_by: string
  /** ISO 8601, UTC. */
  readonly created_at: string
  readonly updated_at: string
}

/** The columns of a {@link ServerRow}. */
export const serverColumns = [
  "id",
  "organization_id",
  "name",
  "config",
  "auth_token",
  "custom_headers",
  "env",
  "oauth_client_secret",
  "revision",
  "version",
  "created_by",
  "updated_by",
  "created_at",
  "updated_at",
] as const satisfies ReadonlyArray<keyof ServerRow>

/** The columns that a config fills. */
export interface ConfigColumns extends Pick<ServerRow, "config" | SecretColumn<"mooring_servers">> {
  /** The key that the secrets are encrypted with; null where there are none. */
  readonly key_id: string | null
}

/** Translates between servers and their rows, whose secrets are encrypted. */
export const makeServerRows = Effect.gen(function* () {
  const { decrypt, encrypt, keyId } = yield* makeSecretColumns("mooring_servers")

  const encodeConfig = Effect.fnUntraced(function* (server: McpServer) {
    const { open, secrets } = splitConfig(server.config)
    const row = { id: server.id, organization_id: server.organizationId }
    const columns: ConfigColumns = {
      config: open,
      auth_token: yield* encrypt(row, "auth_token", secrets.auth_token),
      custom_headers: yield* encrypt(row, "custom_headers", secrets.custom_headers),
      env: yield* encrypt(row, "env", secrets.env),
      oauth_client_secret: yield* encrypt(row, "oauth_client_secret", secrets.oauth_client_secret),
      key_id: Object.values(secrets).every((secret) => secret === null) ? null : keyId,
    }
    return columns
  })

  const decode = Effect.fnUntraced(function* (row: ServerRow) {
    const server: McpServer = {
      id: McpServerId.make(row.id),
      organizationId: row.organization_id,
      name: row.name,
      config: yield* joinConfig(row.config, {
        auth_token: yield* decrypt(row, "auth_token", row.auth_token),
        custom_headers: yield* decrypt(row, "custom_headers", row.custom_headers),
        env: yield* decrypt(row, "env", row.env),
        oauth_client_secret: yield* decrypt(row, "oauth_client_secret", row.oauth_client_secret),
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

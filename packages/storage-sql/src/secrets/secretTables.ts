/**
 * The tables with secrets, and the columns that hold them, as JWE. One that is added here is encrypted, checked for
 * missing keys and rotated like the others. It needs the columns `id`, `organization_id`, and `key_id`, indexed, which
 * names the one key of all secrets of a row.
 */
export const secretTables = [
  { table: "mooring_servers", columns: ["auth_token", "custom_headers", "env", "oauth_client_secret"] },
  { table: "mooring_credentials", columns: ["access_token", "refresh_token", "client_secret", "dpop_key"] },
  { table: "mooring_authorizations", columns: ["code_verifier", "client_secret"] },
  { table: "mooring_client_registrations", columns: ["client_secret"] },
] as const

type Entry = (typeof secretTables)[number]
export type SecretTable = Entry["table"]
export type SecretColumn<Table extends SecretTable> = Extract<
  Entry,
  { readonly table: Table }
>["columns"][number]

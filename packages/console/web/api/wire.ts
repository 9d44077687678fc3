// The shapes of the REST API that the console reads, as its OpenAPI document has them. What comes from MCP servers is
// `unknown` within them: it is anybody's.

export type ServerType = "sse" | "stdio" | "streamable_http"

interface Registered {
  readonly id: string
  readonly server_name: string
}

export interface StdioServer extends Registered {
  readonly mcp_server_type: "stdio"
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>> | null
}

export interface RemoteServer extends Registered {
  readonly mcp_server_type: "sse" | "streamable_http"
  readonly server_url: string
  readonly auth_header: string | null
  readonly auth_token?: string | null
  readonly custom_headers: Readonly<Record<string, string>> | null
  readonly oauth?: {
    readonly client_id: string | null
    readonly grant_type: string
    readonly scopes: ReadonlyArray<string> | null
  }
}

export type Server = RemoteServer | StdioServer

/** The `config` of a create or an update. */
export type ServerConfig = Readonly<Record<string, unknown>> & { readonly mcp_server_type: ServerType }

export interface ServerHealth {
  readonly status: "failing" | "healthy" | "unknown"
  readonly circuit: "closed" | "half_open" | "open"
  readonly consecutive_failures: number
  readonly failing_since: string | null
  readonly last_error: { readonly code: string; readonly message: string; readonly at: string } | null
  readonly last_success_at: string | null
  readonly next_try_at: string | null
  readonly live_sessions: number
  readonly transport: ServerType
  readonly era: "legacy" | "modern" | null
}

export interface RefreshDiff {
  readonly added: ReadonlyArray<string>
  readonly updated: ReadonlyArray<string>
  readonly deleted: ReadonlyArray<string>
}

export interface Tool {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly args_json_schema: unknown
  readonly metadata_: {
    readonly mcp: {
      readonly schema_health: "INVALID" | "NON_STRICT_ONLY" | "STRICT_COMPLIANT"
      readonly schema_warnings: ReadonlyArray<string>
      readonly annotations?: unknown
      readonly output_schema?: unknown
      /** What it looks like now; hosts of an older version tell nothing. */
      readonly fingerprint?: string
      /** Whether it has changed since somebody approved it, and the host wants that. */
      readonly needs_approval?: boolean
    }
  }
}

export interface RunResult {
  readonly status: "error" | "success"
  readonly func_return: string
  readonly content: ReadonlyArray<unknown>
  readonly structured_content?: unknown
  readonly truncated: boolean
}

export type RunEvent =
  | {
      readonly event: "progress"
      readonly progress: number
      readonly total?: number
      readonly message?: string
    }
  | { readonly event: "log"; readonly level: string; readonly logger?: string; readonly data: unknown }
  | { readonly event: "logs_left_out"; readonly count: number }
  | { readonly event: "error"; readonly message: string; readonly code: string }
  | ({ readonly event: "result" } & RunResult)

export type ConnectEvent =
  | { readonly event: "connection_attempt"; readonly server_name: string }
  | { readonly event: "success"; readonly tools: ReadonlyArray<unknown> }
  | { readonly event: "error"; readonly message: string; readonly code?: string }
  | { readonly event: "oauth_required"; readonly message: string }
  | { readonly event: "authorization_url"; readonly url: string; readonly session_id: string }
  | { readonly event: "waiting_for_auth"; readonly message: string }

/** What somebody has done to a server, or by it. Which fields there are depends on the action. */
export interface AuditRecord {
  readonly id: string
  readonly at: string
  readonly user_id: string
  readonly action: string
  readonly name?: string
  readonly outcome?: string
  readonly parts?: ReadonlyArray<string>
  readonly tool?: string
  readonly runs?: number
  readonly added?: AuditedTools
  readonly updated?: AuditedTools
  readonly deleted?: AuditedTools
}

export interface AuditedTools {
  readonly count: number
  readonly names: ReadonlyArray<string>
}

/** One thing that is wrong with a request. */
export interface Issue {
  readonly loc: ReadonlyArray<number | string>
  readonly msg: string
}

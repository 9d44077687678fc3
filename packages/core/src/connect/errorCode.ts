import type { ErrorType } from "../errorStatuses.ts"
import type { ConfigRefused } from "../servers/McpServers.ts"
import type { McpServerNameTaken } from "../servers/McpServerNameTaken.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import type { ConnectError } from "../sessions/ConnectError.ts"
import type { RateLimited } from "../rateLimits/RateLimited.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { McpServerChanged } from "../tools/McpServerChanged.ts"
import type { McpToolChanged } from "../tools/McpToolChanged.ts"
import type { McpToolNeedsApproval } from "../tools/McpToolNeedsApproval.ts"
import type { McpToolNotFound } from "../tools/McpToolNotFound.ts"
import type { TooManyConnects } from "./TooManyConnects.ts"

/** Every way in which the services refuse or fail. */
export type ServiceError =
  | ConfigRefused
  | ConnectError
  | McpServerChanged
  | McpServerNameTaken
  | McpServerNotFound
  | McpToolChanged
  | McpToolNeedsApproval
  | McpToolNotFound
  | RateLimited
  | StoreError
  | TooManyConnects

const codes = {
  AuthorizationRequired: "authorization_required",
  HeaderInvalid: "header_invalid",
  InvalidServerConfig: "config_invalid",
  McpServerChanged: "server_changed",
  McpServerFailing: "mcp_server_failing",
  McpServerNameTaken: "name_taken",
  McpServerNotFound: "mcp_server_not_found",
  McpServerTimeout: "mcp_server_timeout",
  McpServerUnreachable: "mcp_server_unreachable",
  McpToolChanged: "tool_changed",
  McpToolNeedsApproval: "tool_needs_approval",
  McpToolNotFound: "tool_not_found",
  NetworkForbidden: "network_forbidden",
  RateLimited: "rate_limited",
  StoreError: "store_unavailable",
  TooManyConnects: "too_many_connects",
  TooManySessions: "too_many_sessions",
  VariableMissing: "variable_missing",
} as const satisfies Record<
  Exclude<ServiceError["_tag"], "AuthorizationFailed" | "StdioForbidden">,
  ErrorType
>

/** The stable word for an error, in the bodies of error answers and in the events of a connect. */
export const errorCode = (error: ServiceError): ErrorType =>
  error._tag === "AuthorizationFailed" || error._tag === "StdioForbidden" ? error.code : codes[error._tag]

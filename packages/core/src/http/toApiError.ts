import type { InvalidServerConfig } from "../servers/ServerConfigUpdate.ts"
import type { McpServerNameTaken } from "../servers/McpServerNameTaken.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import type { ConnectError } from "../sessions/ConnectError.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { McpServerChanged } from "../tools/McpServerChanged.ts"
import type { McpToolNotFound } from "../tools/McpToolNotFound.ts"
import {
  BadGateway,
  Conflict,
  errorBody,
  Forbidden,
  GatewayTimeout,
  NotFound,
  ServiceUnavailable,
  unprocessable,
} from "./ApiErrors.ts"

/** Every way in which the services refuse or fail. */
export type ServiceError =
  | ConnectError
  | InvalidServerConfig
  | McpServerChanged
  | McpServerNameTaken
  | McpServerNotFound
  | McpToolNotFound
  | StoreError

/** The HTTP answer to an error of the services: the one place where the two meet. */
export const toApiError = (error: ServiceError) => {
  switch (error._tag) {
    case "McpServerNotFound":
      return new NotFound(errorBody(error.message, "mcp_server_not_found"))
    case "McpToolNotFound":
      return new NotFound(errorBody(error.message, "tool_not_found"))
    case "McpServerNameTaken":
      return new Conflict(errorBody(error.message, "name_taken"))
    case "McpServerChanged":
      return new Conflict(errorBody(error.message, "server_changed"))
    case "StdioForbidden":
      return new Forbidden(errorBody(error.message, error.code))
    case "NetworkForbidden":
      return new Forbidden(errorBody(error.message, "network_forbidden"))
    case "AuthorizationRequired":
      return new Forbidden(errorBody(error.message, "authorization_required"))
    case "InvalidServerConfig":
      return unprocessable([
        { loc: ["body", "config", error.field], msg: error.problem, type: "value_error" },
      ])
    case "HeaderInvalid":
      return unprocessable([
        { loc: ["body", "config", error.field], msg: error.message, type: "value_error" },
      ])
    case "VariableMissing":
      return unprocessable(
        [{ loc: ["config"], msg: error.message, type: "variable_missing" }],
        "variable_missing",
      )
    case "McpServerUnreachable":
      return new BadGateway(errorBody(error.message, "mcp_server_unreachable"))
    case "McpServerTimeout":
      return new GatewayTimeout(errorBody(error.message, "mcp_server_timeout"))
    case "StoreError":
      return new ServiceUnavailable(errorBody(error.message, "store_unavailable"))
  }
}

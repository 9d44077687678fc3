import { errorCode, type ServiceError } from "../connect/errorCode.ts"
import type { RateLimited } from "../rateLimits/RateLimited.ts"
import type { StoreError } from "../storage/StoreError.ts"
import {
  BadGateway,
  Conflict,
  errorBody,
  Forbidden,
  GatewayTimeout,
  NotFound,
  ServiceUnavailable,
  TooManyRequests,
  unprocessable,
} from "./ApiErrors.ts"

/** The HTTP answer where a request is not let in, and where it cannot be told whether it is. */
export const toRateLimitError = (error: RateLimited | StoreError) => {
  const body = errorBody(error.message, errorCode(error))
  if (error._tag === "StoreError") return new ServiceUnavailable(body)
  return new TooManyRequests({ ...body, retryAfter: Math.max(1, Math.ceil(error.retryAfterMs / 1000)) })
}

/** The HTTP answer to an error of the services: the one place where the two meet. */
export const toApiError = (error: ServiceError) => {
  const body = errorBody(error.message, errorCode(error))
  switch (error._tag) {
    case "McpServerNotFound":
    case "McpToolNotFound":
      return new NotFound(body)
    case "McpServerNameTaken":
    case "McpServerChanged":
    case "McpToolChanged":
    case "McpToolNeedsApproval":
      return new Conflict(body)
    case "StdioForbidden":
    case "NetworkForbidden":
    case "AuthorizationRequired":
      return new Forbidden(body)
    case "AuthorizationFailed":
      return error.code === "network_forbidden" ? new Forbidden(body) : new BadGateway(body)
    case "InvalidServerConfig":
      return unprocessable(
        [{ loc: ["body", "config", ...error.field.split(".")], msg: error.problem, type: "value_error" }],
        errorCode(error),
      )
    case "HeaderInvalid":
      return unprocessable(
        [{ loc: ["body", "config", error.field], msg: error.message, type: "value_error" }],
        errorCode(error),
      )
    case "VariableMissing":
      return unprocessable(
        [{ loc: ["config"], msg: error.message, type: "variable_missing" }],
        "variable_missing",
      )
    case "McpServerFailing":
    case "McpServerUnreachable":
      return new BadGateway(body)
    case "McpServerTimeout":
      return new GatewayTimeout(body)
    case "TooManyConnects":
    case "TooManySessions":
      return new TooManyRequests({ ...body, retryAfter: 1 })
    case "RateLimited":
    case "StoreError":
      return toRateLimitError(error)
  }
}

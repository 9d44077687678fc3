import type { ToolCallFailed, ToolCallNotSent, ToolCallUnauthorized } from "./McpSession.ts"

type CallError = ToolCallFailed | ToolCallNotSent | ToolCallUnauthorized

/** What kind of failure a call ended with, for metrics: one of few words. */
export const callErrorType = (error: CallError): string => {
  switch (error._tag) {
    case "ToolCallFailed":
      return error.rpcCode === undefined ? (error.errorType ?? "_OTHER") : String(error.rpcCode)
    case "ToolCallNotSent":
      return "mcp_server_unreachable"
    case "ToolCallUnauthorized":
      return error.challenge.error === "insufficient_scope" ? "insufficient_scope" : "401"
  }
}

/** OpenTelemetry's conventions for MCP, on `error.type`. */
export const resultErrorType = ({ isError }: { readonly isError?: boolean | undefined }) =>
  isError === true ? "tool_error" : undefined

export const rpcCodeOf = (error: CallError): number | undefined =>
  error._tag === "ToolCallFailed" ? error.rpcCode : undefined

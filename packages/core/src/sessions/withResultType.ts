import { isJSONRPCResultResponse, type JSONRPCMessage } from "@modelcontextprotocol/client"

/**
 * A result that does not say of which type it is, is complete (MCP 2026-07-28, SEP-2322). The client would refuse it,
 * after a call that may have had effects.
 */
export const withResultType = (message: JSONRPCMessage): JSONRPCMessage =>
  isJSONRPCResultResponse(message) && !("resultType" in message.result)
    ? { ...message, result: { ...message.result, resultType: "complete" } }
    : message

import type { JSONRPCMessage } from "@modelcontextprotocol/client"
import * as Predicate from "effect/Predicate"

/**
 * A result that does not say of which type it is, is complete (MCP 2026-07-28, SEP-2322). The client would refuse it,
 * after a call that may have had effects. What else is wrong with a message is for the client to say.
 */
export const withResultType = (message: JSONRPCMessage): JSONRPCMessage =>
  "result" in message && Predicate.isObject(message.result) && !("resultType" in message.result)
    ? { ...message, result: { ...message.result, resultType: "complete" } }
    : message

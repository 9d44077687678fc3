import type { JSONRPCMessage } from "@modelcontextprotocol/client"
import * as Predicate from "effect/Predicate"

/**
 * Whether something is taken for a message of MCP. What is within it the client and the session check themselves, by the
 * kind of message that they take it for.
 */
export const isMessage = (data: unknown): data is JSONRPCMessage =>
  Predicate.isObject(data) && data["jsonrpc"] === "2.0"

import type { Client } from "@modelcontextprotocol/client"
import { connectByHand } from "../mcp/connectByHand.ts"
import type { OpenSessions } from "./OpenSessions.ts"

/** The MCP client with its own transports. */
export const openSessions: OpenSessions = async () => {
  const clients: Array<Client> = []
  return async (target) => {
    clients.push(await connectByHand(target))
  }
}

import type { Client } from "@modelcontextprotocol/client"
import { connectByHand } from "../mcp/connectByHand.ts"
import type { OpenSessions } from "./OpenSessions.ts"

/** The MCP client with its own transports. */
export const openSessions: OpenSessions = async () => {
  const clients: Array<Client> = []
  return {
    open: async (target) => {
      clients.push(await connectByHand(target))
    },
    count: async () => clients.filter(({ transport }) => transport !== undefined).length,
  }
}

import { Client, SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { type McpTarget, stdioCommand } from "./McpTarget.ts"

/** Connects the MCP client as its documentation says: with its own transports and the global `fetch`. */
export const connectByHand = async ({ kind, url }: McpTarget): Promise<Client> => {
  const client = new Client(
    { name: "bench", version: "1.0.0" },
    { versionNegotiation: { mode: kind === "modern" ? "auto" : "legacy" } },
  )
  await client.connect(
    kind === "stdio"
      ? new StdioClientTransport(stdioCommand)
      : kind === "sse"
        ? new SSEClientTransport(new URL(url))
        : new StreamableHTTPClientTransport(new URL(url)),
  )
  return client
}

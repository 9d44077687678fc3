import { createMcpHandler } from "@modelcontextprotocol/server"
import { modernProtocol } from "./modernProtocol.ts"
import { mountServer } from "./mountServer.ts"
import { serverDefinition } from "./TestServerOptions.ts"
import type { HttpTestServerOptions, McpTestServer } from "./TestServerOptions.ts"
import { webHandler } from "./webHandler.ts"

/**
 * An MCP server that speaks 2026-07-28 and nothing older: no sessions, `server/discover` in place of `initialize`,
 * which it refuses with 400 and the JSON-RPC error -32022 naming what it supports.
 */
export async function modernServer(options: HttpTestServerOptions = {}): Promise<McpTestServer> {
  const definition = serverDefinition("modernServer", options)
  const handler = createMcpHandler(() => modernProtocol(definition), { legacy: "reject" })
  return mountServer(definition, options, {
    path: "/mcp",
    paths: ["/mcp"],
    handler: webHandler((request) => handler.fetch(request)),
    notifyToolsChanged: async () => handler.notify.toolsChanged(),
    closeConnections: () => handler.close(),
  })
}

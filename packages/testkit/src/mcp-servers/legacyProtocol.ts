import { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import type { ServerDefinition } from "./TestServerOptions.ts"

/**
 * One connection's server, built with the first generation of the MCP packages (specification up to 2025-11-25).
 * The low-level class, because `McpServer` would translate schemas that must pass through unchanged.
 */
export function legacyProtocol({ name, hasTools, registry }: ServerDefinition): Server {
  const server = new Server(
    { name, version: "1.0.0" },
    { capabilities: hasTools ? { tools: { listChanged: true } } : {} },
  )
  if (!hasTools) return server
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => registry.list(params?.cursor))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => ({
    ...(await registry.call(params.name, params.arguments ?? {}, signal)),
  }))
  return server
}

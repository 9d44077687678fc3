import { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import { z } from "zod"
import type { ServerDefinition } from "./TestServerOptions.ts"
import type { JsonObject, ToolClient } from "./TestTool.ts"

const anyAnswer = z.record(z.string(), z.unknown())

/**
 * One connection's server, built with the first generation of the MCP packages (specification up to 2025-11-25).
 * The low-level class, because `McpServer` would translate schemas that must pass through unchanged.
 */
export function legacyProtocol({ name, hasTools, registry }: ServerDefinition): Server {
  const server = new Server(
    { name, version: "1.0.0" },
    { capabilities: hasTools ? { tools: { listChanged: true }, logging: {} } : {} },
  )
  if (!hasTools) return server
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => registry.list(params?.cursor))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { requestId, signal }) => {
    // By the stream of the call's own answer (MCP 2025-11-25, basic/transports).
    const ask = (method: string, asked: JsonObject) =>
      server.request({ method, params: { ...asked } }, anyAnswer, { relatedRequestId: requestId, signal })
    const client: ToolClient = {
      ask,
      meta: { ...params._meta },
      notify: (method, told, aside = false) =>
        server.notification({ method, params: { ...told } }, aside ? {} : { relatedRequestId: requestId }),
    }
    return { ...(await registry.call(params.name, params.arguments ?? {}, signal, client)) }
  })
  return server
}

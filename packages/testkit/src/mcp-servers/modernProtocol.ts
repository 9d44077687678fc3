import { Server } from "@modelcontextprotocol/server"
import { z } from "zod"
import { AskingRound } from "./AskingRound.ts"
import type { ServerDefinition } from "./TestServerOptions.ts"
import type { ToolClient } from "./TestTool.ts"

const listParams = z.looseObject({ cursor: z.string().optional() })

const callParams = z.looseObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
})

/**
 * One request's (over HTTP) or one connection's server, built with the second generation of the MCP packages. Which
 * revision it speaks is decided by what serves it: `createMcpHandler` or `serveStdio`.
 *
 * Handlers are registered with parameter schemas of our own: that form leaves the results untyped, and so lets
 * schemas through that the package's `Tool` type forbids.
 */
export function modernProtocol({ name, hasTools, registry }: ServerDefinition): Server {
  const server = new Server(
    { name, version: "1.0.0" },
    { capabilities: hasTools ? { tools: { listChanged: true }, logging: {} } : {} },
  )
  if (!hasTools) return server
  server.setRequestHandler("tools/list", { params: listParams }, ({ cursor }) => registry.list(cursor))
  server.setRequestHandler("tools/call", { params: callParams }, async (params, { mcpReq }) => {
    // A client of the older revisions is asked by requests: the package translates.
    const round = new AskingRound(mcpReq.inputResponses, mcpReq.requestState())
    const client: ToolClient = {
      ask: round.ask,
      meta: { ...mcpReq.envelope, ...mcpReq._meta },
      notify: (method, told, aside = false) =>
        aside
          ? server.notification({ method, params: { ...told } })
          : mcpReq.notify({ method, params: { ...told } }),
    }
    return round.resultOf(registry.call(params.name, params.arguments ?? {}, mcpReq.signal, client))
  })
  return server
}

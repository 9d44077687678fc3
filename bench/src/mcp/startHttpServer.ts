import * as Schema from "effect/Schema"
import { shared } from "../sampling/shared.ts"
import { startProcess } from "../processes/startProcess.ts"
import type { McpKind, McpTarget } from "./McpTarget.ts"

/** The MCP servers over HTTP, in a process of their own; gives the target of one of them. */
export const startHttpServer = shared(async (context) => {
  const server = await startProcess(context, new URL("httpServer.ts", import.meta.url), [])
  const port = Schema.decodeUnknownSync(Schema.Int)(await server.ask({}))
  return (kind: McpKind, name = ""): McpTarget => ({ kind, url: `http://127.0.0.1:${port}/${kind}${name}` })
})

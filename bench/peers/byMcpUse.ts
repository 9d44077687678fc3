import { MCPClient } from "mcp-use/client"
import { checkEcho, echoArguments, stdioCommand } from "../src/mcp/McpTarget.ts"
import type { OpenCaller } from "../src/runs/Caller.ts"

export const openCaller: OpenCaller = async ({ kind, url }) => {
  const client = new MCPClient({ mcpServers: { bench: kind === "stdio" ? stdioCommand : { url } } })
  const session = await client.createSession("bench")
  return async () => {
    const { content } = await session.callTool("echo", echoArguments)
    checkEcho(content)
  }
}

import { MCPClient } from "@mastra/mcp"
import { checkEcho, echoArguments, stdioCommand } from "../src/mcp/McpTarget.ts"
import type { OpenCaller } from "../src/runs/Caller.ts"

export const openCaller: OpenCaller = async ({ kind, url }) => {
  const client = new MCPClient({
    servers: { bench: kind === "stdio" ? stdioCommand : { url: new URL(url) } },
  })
  const { bench } = await client.listToolsets()
  const echo = bench?.["echo"]
  if (echo === undefined) throw new Error("The server has no tool")
  return async () => {
    const { content } = await echo.execute(echoArguments, {})
    checkEcho(content)
  }
}

import { createMCPClient } from "@ai-sdk/mcp"
import { Experimental_StdioMCPTransport as StdioTransport } from "@ai-sdk/mcp/mcp-stdio"
import { checkEcho, echoArguments, stdioCommand } from "../src/mcp/McpTarget.ts"
import type { OpenCaller } from "../src/runs/Caller.ts"

export const openCaller: OpenCaller = async ({ kind, url }) => {
  const client = await createMCPClient({
    transport: kind === "stdio" ? new StdioTransport(stdioCommand) : { type: "http", url },
  })
  const { echo } = await client.tools()
  if (echo === undefined) throw new Error("The server has no tool")
  return async () => {
    const result = await echo.execute(echoArguments, { messages: [], toolCallId: "1" })
    if (!("content" in result)) throw new Error("The result has no content")
    checkEcho(result.content)
  }
}

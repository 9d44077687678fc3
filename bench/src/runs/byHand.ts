import { connectByHand } from "../mcp/connectByHand.ts"
import { checkEcho, echoArguments } from "../mcp/McpTarget.ts"
import type { OpenCaller } from "./Caller.ts"

/** The MCP client, connected once. */
export const openCaller: OpenCaller = async (target) => {
  const client = await connectByHand(target)
  return async () => {
    const { content } = await client.callTool({ name: "echo", arguments: echoArguments })
    checkEcho(content)
  }
}

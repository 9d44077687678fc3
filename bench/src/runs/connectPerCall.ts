import { connectByHand } from "../mcp/connectByHand.ts"
import { checkEcho, echoArguments } from "../mcp/McpTarget.ts"
import type { OpenCaller } from "./Caller.ts"

/** The MCP client, connected for each call, as most hosts have it: connect, call, close. */
export const openCaller: OpenCaller = async (target) => async () => {
  const client = await connectByHand(target)
  const { content } = await client.callTool({ name: "echo", arguments: echoArguments })
  checkEcho(content)
  await client.close()
}

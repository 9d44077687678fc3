import type { ActorInput, Mooring } from "@mooring/core"
import type { McpTarget } from "../mcp/McpTarget.ts"
import { targetConfig } from "../mcp/targetConfig.ts"

/** Registers the MCP server of a bench and finds its tool. */
export const registerTarget = async (
  mooring: Mooring,
  actor: ActorInput,
  target: McpTarget,
): Promise<{ readonly serverId: string; readonly toolId: string }> => {
  const { id } = await mooring.servers.create(actor, {
    name: `${target.kind} ${globalThis.crypto.randomUUID()}`,
    config: targetConfig(target),
  })
  const [tool] = await mooring.tools.list(actor, id)
  if (tool === undefined) throw new Error("The server has no tool")
  return { serverId: id, toolId: tool.id }
}

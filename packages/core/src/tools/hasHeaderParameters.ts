import type { ToolDefinition } from "./ToolDefinition.ts"

const known = new WeakMap<ToolDefinition, boolean>()

/**
 * Whether a tool may want parameters in headers (MCP 2026-07-28, basic/transports, `x-mcp-header`). A schema that only
 * speaks of the word counts too: the client knows what is to be done, and such a call takes a little longer.
 */
export const hasHeaderParameters = (tool: ToolDefinition): boolean => {
  const before = known.get(tool)
  if (before !== undefined) return before
  const found = JSON.stringify(tool.inputSchema ?? null).includes("x-mcp-header")
  known.set(tool, found)
  return found
}

import type { McpTool } from "../tools/McpTool.ts"
import type { LeftOutTool } from "./AgentTool.ts"

/** Why no model is offered a tool that the host has not filtered out, where that is so. */
export const whyLeftOut = (
  { needsApproval, schemaHealth }: McpTool,
  approveChangedTools: boolean,
): LeftOutTool["reason"] | undefined => {
  if (approveChangedTools && needsApproval) return "needs_approval"
  return schemaHealth.status === "INVALID" ? "invalid_schema" : undefined
}

import { type McpServer, type McpTool, McpToolId } from "@mooring/core"
import { randomUUID } from "node:crypto"

/** A tool as a refresh would store it. */
export const makeTool = (tool: {
  readonly id?: McpTool["id"] | undefined
  readonly serverId: McpServer["id"]
  readonly name: string
  readonly description: string
}): McpTool => ({
  id: tool.id ?? McpToolId.make(`tool-${randomUUID()}`),
  serverId: tool.serverId,
  definition: {
    name: tool.name,
    description: tool.description,
    inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  },
  fingerprint: "0".repeat(64),
  needsApproval: false,
  schemaHealth: { status: "NON_STRICT_ONLY", warnings: ["/additionalProperties: is not false"] },
  createdBy: "writer",
  updatedBy: "writer",
})

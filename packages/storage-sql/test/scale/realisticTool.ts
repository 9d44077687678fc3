import { type McpServer, type McpTool, McpToolId } from "@mooring/core"
import { randomUUID } from "node:crypto"

/** All but the name of a tool of ordinary size, about 600 bytes. */
const definition = {
  title: "Search issues",
  description:
    "Searches the issues of a repository by text, labels and state. Gives the newest first, at most a hundred at once; pass the cursor of one page to get the next.",
  inputSchema: {
    type: "object",
    properties: {
      query: { type: "string", description: "What to look for" },
      labels: { type: "array", items: { type: "string" } },
      state: { type: "string", enum: ["open", "closed", "all"] },
      limit: { type: "integer", minimum: 1, maximum: 100 },
      cursor: { type: "string", description: "Of the page before" },
    },
    required: ["query"],
    additionalProperties: false,
  },
}
const schemaHealth = {
  status: "NON_STRICT_ONLY",
  warnings: ["/required: lacks labels, state, limit, cursor"],
} as const

/** A tool as a refresh would store it. */
export const realisticTool = (serverId: McpServer["id"], index: number): McpTool => ({
  id: McpToolId.make(`tool-${randomUUID()}`),
  serverId,
  definition: { name: `tool_${index}`, ...definition },
  fingerprint: "0".repeat(64),
  needsApproval: false,
  schemaHealth,
  createdBy: "bench",
  updatedBy: "bench",
})

/** The columns of such tools, for SQL that makes many: of the definition what follows the name's value. */
export const toolColumns = {
  definitionRest: `,${JSON.stringify(definition).slice(1)}`,
  schemaHealth: JSON.stringify(schemaHealth),
}

import { createHash, randomUUID } from "node:crypto"
import {
  type McpServer,
  type McpTool,
  McpToolId,
  type ToolDefinition,
  type ToolReplacement,
} from "@mooring/core"

/** A tool of the server that is not stored yet, with an id of its own. */
export const makeTool = (
  server: McpServer,
  definition: ToolDefinition,
  fields: Partial<McpTool> = {},
): McpTool => ({
  id: McpToolId.make(`tool-${randomUUID()}`),
  serverId: server.id,
  definition,
  fingerprint: createHash("sha256").update(JSON.stringify(definition)).digest("hex"),
  needsApproval: false,
  schemaHealth: { status: "NON_STRICT_ONLY", warnings: [] },
  createdBy: "alice",
  updatedBy: "alice",
  ...fields,
})

/** Tools of these names. */
export const makeTools = (server: McpServer, names: ReadonlyArray<string>): ReadonlyArray<McpTool> =>
  names.map((name) => makeTool(server, { name, inputSchema: { type: "object" } }))

/** Puts these tools in the place of whatever there is. */
export const replaceBy =
  (tools: ReadonlyArray<McpTool>) =>
  (current: ReadonlyArray<McpTool>): ToolReplacement => ({
    tools,
    changes: {
      added: tools.map(({ definition }) => definition.name),
      updated: [],
      deleted: current.map(({ definition }) => definition.name),
    },
  })

/** Adds one tool behind those that there are. */
export const append =
  (tool: McpTool) =>
  (current: ReadonlyArray<McpTool>): ToolReplacement => ({
    tools: [...current, tool],
    changes: { added: [tool.definition.name], updated: [], deleted: [] },
  })

export const namesOf = (tools: ReadonlyArray<McpTool>): ReadonlyArray<string> =>
  tools.map(({ definition }) => definition.name)

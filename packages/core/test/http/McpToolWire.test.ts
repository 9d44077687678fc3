import { expect, test } from "vitest"
import { makeMcpServerId } from "../../src/servers/McpServer.ts"
import { makeMcpToolId } from "../../src/tools/McpTool.ts"
import type { ToolDefinition } from "../../src/tools/ToolDefinition.ts"
import { toMcpToolAnswer } from "../../src/http/McpToolWire.ts"

const answerOf = (definition: ToolDefinition) =>
  toMcpToolAnswer({
    id: makeMcpToolId(),
    serverId: makeMcpServerId(),
    definition,
    fingerprint: "",
    needsApproval: false,
    schemaHealth: { status: "INVALID", warnings: ["/: is not an object"] },
    createdBy: "alice",
    updatedBy: "alice",
  })
const health = { status: "INVALID", reasons: ["/: is not an object"] }

test("a tool is answered as the MCP server defines it", () => {
  const definition = {
    name: "tool",
    title: "A tool",
    description: "",
    inputSchema: { type: "object" },
    outputSchema: { type: "object", properties: {} },
    annotations: { readOnlyHint: true },
  }
  expect(answerOf(definition)).toStrictEqual({ ...definition, health })
})

test.each([[[]], [null], [true], ["object"], [1], [undefined]])(
  "the client knows objects only: %j in the place of one is left out",
  (value) => {
    const parts = value === undefined ? {} : { inputSchema: value, outputSchema: value, annotations: value }
    expect(answerOf({ name: "tool", ...parts })).toStrictEqual({ name: "tool", inputSchema: {}, health })
  },
)

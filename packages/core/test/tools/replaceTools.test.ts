import { expect, test } from "vitest"
import { makeMcpServerId } from "../../src/servers/McpServer.ts"
import { replaceTools } from "../../src/tools/replaceTools.ts"
import type { ToolDefinition } from "../../src/tools/ToolDefinition.ts"

const serverId = makeMcpServerId()
const limits = { maxSchemaDepth: 8, maxSchemaNodes: 100 }
const replace = (listed: ReadonlyArray<ToolDefinition>, userId = "alice") =>
  replaceTools({ serverId, listed, userId, limits })
const tool = (name: string, description = ""): ToolDefinition => ({
  name,
  description,
  inputSchema: { type: "object", properties: {} },
})

test("new tools are added, in the server's order", () => {
  const { changes, tools } = replace([tool("b"), tool("a")])([])
  expect(changes).toStrictEqual({ added: ["b", "a"], updated: [], deleted: [] })
  expect(tools.map(({ definition }) => definition.name)).toStrictEqual(["b", "a"])
  expect(tools.every((each) => each.serverId === serverId && each.createdBy === "alice")).toBe(true)
})

test("a tool that stays keeps its id, one that changes too", () => {
  const before = replace([tool("same"), tool("changing"), tool("going")])([]).tools
  const { changes, tools } = replace([tool("changing", "new"), tool("same"), tool("coming")], "bob")(before)
  expect(changes).toStrictEqual({ added: ["coming"], updated: ["changing"], deleted: ["going"] })
  expect(tools.map(({ id }) => id).slice(0, 2)).toStrictEqual([before[1]?.id, before[0]?.id])
  expect(tools[0]).toMatchObject({ createdBy: "alice", updatedBy: "bob", definition: { description: "new" } })
  expect(tools[1]).toBe(before[0])
})

test("the order of keys in a schema is no change", () => {
  const before = replace([{ name: "t", inputSchema: { type: "object", required: [] } }])([]).tools
  const { changes } = replace([{ inputSchema: { required: [], type: "object" }, name: "t" }])(before)
  expect(changes).toStrictEqual({ added: [], updated: [], deleted: [] })
})

test("of two tools of one name the first counts", () => {
  const { changes, tools } = replace([tool("t", "first"), tool("t", "second")])([])
  expect(changes.added).toStrictEqual(["t"])
  expect(tools.map(({ definition }) => definition.description)).toStrictEqual(["first"])
})

import {
  AuthorizationRequired,
  createMooring,
  layerMemoryStores,
  McpServerNotFound,
  ToolStore,
} from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { textResult, type TestTool } from "../../src/index.ts"
import { agentHost, alice } from "./agentHost.ts"

const mallory = { organizationId: "other", userId: "mallory" }
const echo = (name: string, inputSchema: TestTool["inputSchema"], description?: string): TestTool => ({
  name,
  inputSchema,
  ...(description === undefined ? {} : { description }),
  handle: (args) => textResult(JSON.stringify(args)),
})

let host: Awaited<ReturnType<typeof agentHost>>
beforeAll(async () => {
  host = await agentHost({
    first: undefined,
    second: [
      echo("broken", { type: "object", properties: { a: { $ref: "https://elsewhere.example/schema" } } }),
      echo("endless", { type: "object", properties: { a: { enum: ["x".repeat(200_000)] } } }),
      echo("open", { type: "object", properties: { any: {} } }, "d".repeat(3_000_000)),
      echo("odata", {
        type: "object",
        properties: { $top: { type: "integer" }, top: { type: "integer" } },
        required: ["$top"],
      }),
      echo("optional", {
        type: "object",
        properties: {
          text: { type: "string" },
          limit: { type: "integer" },
          note: { type: ["string", "null"] },
        },
        required: ["text"],
      }),
    ],
  })
})
afterAll(() => host.close())

describe("what is offered", () => {
  test("is every tool of every server, with names that mean one of them", async () => {
    const { leftOut, tools } = await host.mooring.tools.for(alice)
    const names = tools.map(({ name }) => name)
    expect(names).toContain("first__add")
    expect(names).toContain("second__open")
    expect(new Set(names).size).toBe(names.length)
    expect(leftOut.map(({ reason, tool }) => [tool.definition.name, reason])).toStrictEqual([
      ["broken", "invalid_schema"],
      ["endless", "too_large"],
    ])
  })

  test("is cut down to servers and to tools that the host chooses", async () => {
    const { leftOut, tools } = await host.mooring.tools.for(alice, {
      serverIds: [host.idOf("first"), host.idOf("first")],
      filter: ({ definition }) => definition.name === "echo",
    })
    expect(tools.map(({ name }) => name)).toStrictEqual(["first__echo"])
    expect(leftOut.every(({ reason }) => reason === "filtered")).toBe(true)
    await expect(host.mooring.tools.for(alice, { serverIds: ["mcp_server-no"] })).rejects.toThrow(
      McpServerNotFound,
    )
  })

  test("is nothing of another organization's", async () => {
    expect(await host.mooring.tools.for(mallory)).toMatchObject({ tools: [], leftOut: [] })
    await expect(host.mooring.tools.for(mallory, { serverIds: [host.idOf("first")] })).rejects.toThrow(
      McpServerNotFound,
    )
  })

  test("has descriptions of a length that is taken, on request of another", async () => {
    const described = async (maxDescription?: number) => {
      const { tools } = await host.mooring.tools.for(alice, { maxDescription })
      return tools.find(({ name }) => name === "second__open")?.description
    }
    expect(await described()).toBe(`${"d".repeat(1_023)}…`)
    expect(await described(2_000)).toHaveLength(2_000)
  })
})

test("a server that is removed while its tools are listed has none", async () => {
  const removed = Layer.effect(
    ToolStore,
    Effect.map(ToolStore, (store) =>
      ToolStore.of({ ...store, list: (_, id) => Effect.fail(new McpServerNotFound({ id })) }),
    ),
  ).pipe(Layer.provideMerge(layerMemoryStores))
  const mooring = createMooring({ actor: "single-user", logLevel: "None", stores: removed })
  const { id } = await mooring.servers.create(alice, {
    name: "gone",
    config: {
      type: "streamable_http",
      serverUrl: "https://gone.invalid/",
      authHeader: null,
      authToken: null,
      customHeaders: null,
      oauth: null,
    },
  })
  expect(await mooring.tools.for(alice)).toMatchObject({ tools: [], leftOut: [] })
  await expect(mooring.tools.for(alice, { serverIds: [id] })).rejects.toThrow(McpServerNotFound)
  await mooring.close()
})

describe("a call", () => {
  const call = async (
    ...[name, args, options]: Parameters<Awaited<ReturnType<typeof host.mooring.tools.for>>["call"]>
  ) => (await host.mooring.tools.for(alice)).call(name, args, options)

  test("runs the tool of the server that the name means", async () => {
    expect(await call("first__add", { a: 2, b: 3 })).toMatchObject({
      status: "success",
      structuredContent: { sum: 5 },
    })
    expect(await call("first__add", '{"a": 2, "b": 3}')).toMatchObject({ structuredContent: { sum: 5 } })
    expect(await call("first__count")).toMatchObject({ status: "success" })
    expect(await call("first__count", "")).toMatchObject({ status: "success" })
  })

  test("leaves out the nulls of strict mode, and no others", async () => {
    const { text } = await call("second__optional", { text: "a", limit: null, note: null })
    expect(JSON.parse(text)).toStrictEqual({ text: "a", note: null })
  })

  test("gives properties their own names back", async () => {
    const { tools } = await host.mooring.tools.for(alice)
    const odata = tools.find(({ name }) => name === "second__odata")
    expect(odata?.inputSchema).toMatchObject({ properties: { _top: {}, top: {} }, required: ["_top"] })
    const { text } = await call("second__odata", { _top: 5, top: null })
    expect(JSON.parse(text)).toStrictEqual({ $top: 5 })
  })

  test.each([
    ["no tool of the name", "first__nope", {}],
    ["no tool of the name", "__proto__", {}],
    ["no tool of the name", "constructor", {}],
    ["no tool of the name", "x".repeat(1_000_000), {}],
    ["not a JSON object", "first__echo", "{"],
    ["not a JSON object", "first__echo", "[]"],
    ["not a JSON object", "first__echo", 5],
    ["not a JSON object", "first__echo", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
  ])("that is wrong is answered: %s", async (problem, name, args) => {
    const result = await call(name, args)
    expect(result).toMatchObject({ status: "error", error: undefined })
    expect(result.text).toContain(problem)
    expect(result.text.length).toBeLessThan(200)
  })

  test("that cannot be made is answered, and the host is told why", async () => {
    const { mooring } = host
    const { id } = await mooring.servers.create(alice, {
      name: "gone",
      config: {
        type: "streamable_http",
        serverUrl: "https://first.test/mcp",
        authHeader: null,
        authToken: null,
        customHeaders: null,
        oauth: null,
      },
    })
    const tools = await mooring.tools.for(alice, { serverIds: [id] })
    await mooring.servers.remove(alice, id)
    const result = await tools.call("gone__echo", { text: "a" })
    expect(result.status).toBe("error")
    expect(result.error).toBeInstanceOf(McpServerNotFound)
    expect(result.error).not.toBeInstanceOf(AuthorizationRequired)
    expect(result.anthropic("toolu_1")).toMatchObject({
      is_error: true,
      content: [{ type: "text", text: result.text }],
    })
  })

  test("ends with its signal, for its reason", async () => {
    const controller = new AbortController()
    const calling = call("first__slow", { ms: 60_000 }, { signal: controller.signal })
    controller.abort(new Error("enough"))
    await expect(calling).rejects.toThrow()
  })
})

describe("hostile servers", () => {
  test("ten thousand tools are named and offered", async () => {
    const odd = [
      "x".repeat(1_000),
      "__proto__",
      "constructor",
      "toString",
      "\u202e",
      "a b",
      "a.b",
      "a_b",
      "日本",
    ]
    const tools = Array.from({ length: 10_000 }, (_, index) =>
      echo(odd[index] ?? `${"long-".repeat(index % 20)}${index}`, {
        type: "object",
        properties: { ["__proto__"]: { type: "string" }, [`p${index}`]: { type: "integer" } },
      }),
    )
    const many = await agentHost({ many: tools })
    try {
      const offered = await many.mooring.tools.for(alice)
      expect(offered.openaiResponses()).toHaveLength(10_000)
      expect(offered.anthropic()).toHaveLength(10_000)
      expect(new Set(offered.tools.map(({ name }) => name)).size).toBe(10_000)
      for (const { name } of offered.tools) expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/)
      const again = await many.mooring.tools.for(alice)
      expect(again.tools.map(({ name }) => name)).toStrictEqual(offered.tools.map(({ name }) => name))
    } finally {
      await many.close()
    }
  })
})

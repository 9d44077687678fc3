import { expect, test } from "vitest"
import { defaultTools } from "../mcp-servers/defaultTools.ts"
import { everythingServer } from "../mcp-servers/everythingServer.ts"
import { filesystemServer } from "../mcp-servers/filesystemServer.ts"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { legacySseServer } from "../mcp-servers/legacySseServer.ts"
import { memoryServer } from "../mcp-servers/memoryServer.ts"
import { misbehavingServer } from "../mcp-servers/misbehavingServer.ts"
import { modernServer } from "../mcp-servers/modernServer.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { type JsonObject, textResult } from "../mcp-servers/TestTool.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"

/** Tools of MCP servers of every kind and era: listed whole, refreshed by difference, run once. */
export const toolCases = (host: () => SuiteHost): void => {
  const remotes = {
    "streamable HTTP, specification up to 2025-11-25": { start: legacyServer, type: "streamable_http" },
    "streamable HTTP, 2026-07-28 only": { start: modernServer, type: "streamable_http" },
    "HTTP with SSE": { start: legacySseServer, type: "sse" },
  } as const
  for (const [kind, { start, type }] of Object.entries(remotes)) {
    test(`${kind}: lists every page and runs tools of each sort`, async () => {
      await using upstream = await start({ pageSize: 2 })
      const server = await register(host(), { mcp_server_type: type, server_url: upstream.url })
      expect(server.tools.map((tool) => tool.name)).toStrictEqual([
        "echo",
        "add",
        "image",
        "fail",
        "throws",
        "slow",
        "count",
        "nested",
        "refs",
      ])
      expect(await server.run("echo", { text: "ahoy" })).toMatchObject({
        status: "success",
        func_return: "ahoy",
        content: [{ type: "text", text: "ahoy" }],
      })
      expect(await server.run("add", { a: 2, b: 3 })).toMatchObject({
        status: "success",
        structured_content: { sum: 5 },
      })
      const image = await server.run("image")
      expect(image).toMatchObject({ status: "success", content: [{ type: "image", mimeType: "image/png" }] })
      expect(image.func_return).toMatch(/^\[image\/png, \d+ bytes\]$/)
      expect(await server.run("fail")).toMatchObject({ status: "error", stderr: [expect.any(String)] })
      expect(await server.run("throws")).toMatchObject({ status: "error" })
      expect(await server.run("count")).toMatchObject({ status: "success" })
      expect(upstream.calls.filter((call) => call.name === "count")).toHaveLength(1)
    })
  }

  const stdioEras = ["legacy", "modern", "both"] as const
  for (const era of stdioEras) {
    test(`stdio, a server of era ${era}: passes arguments and environment as they are`, async () => {
      const { args, command } = stdioServer({ era, args: ["two words", "$HOME", "--flag=;|&"] })
      const server = await register(host(), {
        mcp_server_type: "stdio",
        command,
        args,
        env: { GIVEN: "value of ours" },
      })
      const argv = await server.run("argv")
      expect(JSON.parse(String(argv.func_return))).toStrictEqual(["two words", "$HOME", "--flag=;|&"])
      const env = JSON.parse(String((await server.run("env")).func_return))
      expect(env).toMatchObject({ GIVEN: "value of ours", PATH: expect.any(String) })
      expect(Object.keys(env)).not.toContain("NODE_OPTIONS")
      expect(Object.keys(env)).not.toContain("VITEST")
    })
  }

  test("the reference servers work: everything by SSE and streamable HTTP, memory, filesystem", async () => {
    for (const type of ["sse", "streamable_http"] as const) {
      await using upstream = await everythingServer(type)
      const server = await register(host(), { mcp_server_type: type, server_url: upstream.url })
      expect(await server.run("echo", { message: type })).toMatchObject({ func_return: `Echo: ${type}` })
      expect(await server.run("get-structured-content", { location: "New York" })).toMatchObject({
        status: "success",
        structured_content: { temperature: expect.any(Number) },
      })
    }
    const memory = await register(host(), { mcp_server_type: "stdio", ...memoryServer() })
    expect(await memory.run("read_graph")).toMatchObject({ status: "success" })
    const filesystem = await register(host(), {
      mcp_server_type: "stdio",
      ...filesystemServer([import.meta.dirname]),
    })
    expect(await filesystem.run("list_directory", { path: import.meta.dirname })).toMatchObject({
      status: "success",
      func_return: expect.stringContaining("toolCases"),
    })
  })

  test("a tool has the shape that the clients know", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    const [echo] = server.tools
    expect(echo).toStrictEqual({
      id: expect.stringMatching(/^tool-[0-9a-f-]{36}$/),
      name: "echo",
      description: expect.any(String),
      json_schema: { name: "echo", description: echo?.description, parameters: echo?.args_json_schema },
      args_json_schema: expect.objectContaining({ type: "object" }),
      tool_type: "external_mcp",
      source_type: "json",
      source_code: null,
      tags: [`mcp:${server.name}`],
      metadata_: {
        mcp: expect.objectContaining({
          server_id: server.id,
          server_name: server.name,
          schema_warnings: expect.any(Array),
        }),
      },
      return_char_limit: expect.any(Number),
      created_by_id: "alice",
      last_updated_by_id: "alice",
      default_requires_approval: null,
      enable_parallel_execution: true,
      project_id: null,
      npm_requirements: null,
      pip_requirements: null,
    })
  })

  test("nested and recursive schemas come through as the server gave them", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    for (const name of ["nested", "refs"]) {
      const tool = server.tools.find((candidate) => candidate.name === name)
      const listed = defaultTools().find((candidate) => candidate.name === name)
      expect(listed).toBeDefined()
      expect(tool?.args_json_schema).toStrictEqual(listed?.inputSchema)
      expect(tool?.metadata_).toMatchObject({ mcp: { schema_health: expect.stringMatching(/STRICT/) } })
    }
  })

  test("a malformed schema hides no other tool and is marked", async () => {
    await using upstream = await misbehavingServer("malformed_schema")
    const { tools } = await register(host(), { server_url: upstream.url })
    const health = Object.fromEntries(tools.map(({ metadata_, name }) => [name, metadata_?.["mcp"]]))
    expect(health).toMatchObject({
      ping: { schema_health: "NON_STRICT_ONLY" },
      bad_type: { schema_health: "INVALID", schema_warnings: [expect.stringContaining("/type")] },
      bad_properties: { schema_health: "INVALID", schema_warnings: [expect.stringContaining("/properties")] },
    })
  })

  test("fields that are null or of the wrong type lose no tool", async () => {
    await using upstream = await misbehavingServer("null_fields")
    const { tools } = await register(host(), { server_url: upstream.url })
    expect(tools).toMatchObject([
      { name: "null_description", description: "" },
      { name: "number_title", description: "" },
    ])
  })

  test("a schema that is nested too deeply is left out and marked, and the next refresh sees no change", async () => {
    let deep: JsonObject = { type: "string" }
    for (let depth = 0; depth < 1_000; depth += 1) deep = { type: "object", properties: { deep } }
    await using upstream = await legacyServer({
      tools: [
        { name: "deep", inputSchema: deep, handle: () => textResult("") },
        { name: "flat", inputSchema: { type: "object" }, handle: () => textResult("") },
      ],
    })
    const server = await register(host(), { server_url: upstream.url })
    expect(server.tools).toMatchObject([
      { name: "deep", args_json_schema: null, metadata_: { mcp: { schema_health: "INVALID" } } },
      { name: "flat", metadata_: { mcp: { schema_health: "NON_STRICT_ONLY" } } },
    ])
    expect(await host().letta().mcpServers.refresh(server.id)).toStrictEqual({
      added: [],
      updated: [],
      deleted: [],
    })
  })

  test("of two tools of one name the first counts; a cursor that repeats ends the list", async () => {
    for (const kind of ["duplicate_tool_names", "repeating_cursor"] as const) {
      await using upstream = await misbehavingServer(kind)
      const { tools } = await register(host(), { server_url: upstream.url })
      expect(tools.map((tool) => tool.name)).toStrictEqual([...new Set(tools.map((tool) => tool.name))])
      expect(tools.map((tool) => tool.name)).toContain("ping")
    }
  })

  test("a server without tools has none", async () => {
    await using upstream = await legacyServer({ tools: false })
    const server = await register(host(), { server_url: upstream.url })
    expect(server.tools).toStrictEqual([])
    expect(await host().letta().mcpServers.refresh(server.id)).toStrictEqual({
      added: [],
      updated: [],
      deleted: [],
    })
  })

  test("refresh reports what changed and keeps the ids of tools that stay", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    const before = new Map(server.tools.map((tool) => [tool.name, tool.id]))
    const schema = { type: "object", properties: {} }
    await upstream.setTools([
      {
        name: "echo",
        description: "Says something else now",
        inputSchema: schema,
        handle: () => textResult("new"),
      },
      { name: "brand_new", inputSchema: schema, handle: () => textResult("") },
    ])
    const { mcpServers } = host().letta()
    expect(await mcpServers.refresh(server.id)).toStrictEqual({
      added: ["brand_new"],
      updated: ["echo"],
      deleted: [...before.keys()].filter((name) => name !== "echo"),
    })
    const after = await mcpServers.tools.list(server.id)
    expect(after.map((tool) => tool.name)).toStrictEqual(["echo", "brand_new"])
    expect(after[0]?.id).toBe(before.get("echo"))
  })

  test("arguments may be left out, with the body or without", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    const count = server.tools.find((tool) => tool.name === "count")
    const path = `/v1/mcp-servers/${server.id}/tools/${count?.id}/run`
    for (const body of [undefined, {}, { args: null }, { args: {} }]) {
      const answer = await host().request("POST", path, body === undefined ? {} : { body })
      expect(answer).toMatchObject({ status: 200, body: { status: "success" } })
    }
  })

  test("one session serves many runs at once", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    const texts = Array.from({ length: 32 }, (_, index) => `call ${index}`)
    const results = await Promise.all(texts.map((text) => server.run("echo", { text })))
    expect(results.map((result) => result.func_return)).toStrictEqual(texts)
    expect(upstream.sessionCount).toBe(1)
  })

  test("custom headers and the token reach the MCP server", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), {
      server_url: upstream.url,
      auth_token: "plain-token",
      custom_headers: { "X-Tenant": "one" },
    })
    await server.run("echo", { text: "hi" })
    for (const request of upstream.requests) {
      expect(request.headers).toMatchObject({ authorization: "Bearer plain-token", "x-tenant": "one" })
    }
    expect(upstream.requests.length).toBeGreaterThan(2)
  })
}

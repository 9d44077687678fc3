import { NotFoundError } from "@letta-ai/letta-client"
import type { OptionsInput } from "@mooring/core"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { legacySseServer } from "../mcp-servers/legacySseServer.ts"
import { misbehavingCommand } from "../mcp-servers/misbehavingCommand.ts"
import { misbehavingServer } from "../mcp-servers/misbehavingServer.ts"
import { modernServer } from "../mcp-servers/modernServer.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { textResult } from "../mcp-servers/TestTool.ts"
import { connectClients, eventsOf, type FlatConfig } from "./connectClients.ts"
import { connectStreamCases } from "./connectStreamCases.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

const path = "/v1/tools/mcp/servers/connect"
const unknownId = "mcp_server-00000000-0000-4000-8000-000000000000"

type Unnamed = Omit<FlatConfig, "server_name">

/** The events of an attempt that brings these tools. */
const successOf = (server_name: string, tools: ReadonlyArray<string>) => [
  { event: "connection_attempt", server_name },
  { event: "success", tools: tools.map((name) => expect.objectContaining({ name })) },
]
const defaultTools = ["echo", "add", "image", "fail", "throws", "slow", "count", "nested", "refs"]

/** Connecting, told as a stream of events: to a config that is not stored, and to a stored server. */
export const connectCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  // The older client says of a list of tools that its types have a single one there, and passes it on as it is.
  beforeEach(() => {
    vi.spyOn(console, "warn").mockImplementation(() => {})
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  for (const [version, connect] of Object.entries(connectClients)) {
    const attempt = async (config: Unnamed, by: SuiteHost = host()) => {
      const server_name = uniqueName("connect")
      return { server_name, events: await eventsOf(await connect(by, { server_name, ...config })) }
    }

    describe(`by client ${version}`, () => {
      test.each([
        ["streamable HTTP, up to 2025-11-25", legacyServer, "streamable_http"],
        ["streamable HTTP, 2026-07-28 only", modernServer, "streamable_http"],
        ["HTTP with SSE", legacySseServer, "sse"],
      ] as const)("%s: the attempt comes first, then every page of tools", async (_, serve, type) => {
        await using upstream = await serve({ pageSize: 2 })
        const { events, server_name } = await attempt({ type, server_url: upstream.url })
        expect(events).toStrictEqual(successOf(server_name, defaultTools))
      })

      test("stdio: the attempt comes first, then every tool", async () => {
        const { args, command } = stdioServer()
        const { events, server_name } = await attempt({ type: "stdio", command, args })
        expect(events).toStrictEqual(successOf(server_name, [...defaultTools, "env", "argv", "pid"]))
      })

      test("a URL alone: streamable HTTP is tried first, then SSE", async () => {
        await using streamable = await legacyServer()
        expect(await attempt({ server_url: streamable.url })).toMatchObject({
          events: [{ event: "connection_attempt" }, { event: "success" }],
        })
        expect(streamable.requests.filter(({ rpcMethod }) => rpcMethod === "tools/list")).toHaveLength(1)

        await using older = await legacySseServer()
        const { events, server_name } = await attempt({ server_url: older.url })
        expect(events).toStrictEqual(successOf(server_name, defaultTools))
        expect(older.requests[0]).toMatchObject({ method: "POST", url: "/sse" })
      })

      test("tools are as the server defines them, whatever is written in them", async () => {
        const description = 'Größe 大きさ 👩‍👩‍👧‍👦 \u2028 "data: [DONE]"\r\n\r\nevent: error\ndata: {}'
        const schema = { type: "object", properties: { 名前: { type: "string", description } } }
        const annotations = { title: "🔧", readOnlyHint: true }
        const tool = { name: "größe", title: "📏", description, inputSchema: schema, annotations }
        await using upstream = await legacyServer({ tools: [{ ...tool, handle: () => textResult("") }] })
        const server_name = uniqueName("Größe 大 🎉")
        const stream = await connect(host(), { server_name, server_url: upstream.url })
        expect(await eventsOf(stream)).toStrictEqual([
          { event: "connection_attempt", server_name },
          { event: "success", tools: [tool] },
        ])
      })

      test("a failure is the last event, with its word and what to do", async () => {
        const gone = await legacyServer()
        await gone.close()
        await using silent = await misbehavingServer("never_answers")
        await using slow = await misbehavingServer("hangs_at_tools_list")
        await using older = await legacySseServer()
        // One deadline each: on a machine that is busy, any could come first.
        const impatient = await start({ limits: { connectTimeoutMs: 1_000 } })
        const impatientToList = await start({ limits: { listTimeoutMs: 500 } })
        try {
          const failures: ReadonlyArray<
            readonly [config: Unnamed, code: string, message: string, by?: SuiteHost]
          > = [
            [{ server_url: gone.url }, "mcp_server_unreachable", "connection refused"],
            [{ server_url: silent.url }, "mcp_server_timeout", "a connection within 1 s", impatient],
            [{ server_url: slow.url }, "mcp_server_timeout", "its tools within 0.5 s", impatientToList],
            // Who says which transport is meant is told that it is another.
            [{ type: "streamable_http", server_url: older.url }, "mcp_server_unreachable", "speaks sse"],
            [misbehavingCommand("missing_command"), "mcp_server_unreachable", "was not found"],
            [misbehavingCommand("exits_at_once"), "mcp_server_unreachable", "exited with code 3"],
            [misbehavingCommand("never_answers"), "mcp_server_timeout", "within 1 s", impatient],
            [{ server_url: gone.url, auth_token: "{{ API_KEY }}" }, "variable_missing", "API_KEY"],
            [{ server_url: gone.url, custom_headers: { "X A": "1" } }, "header_invalid", "X A"],
          ]
          await Promise.all(
            failures.map(async ([config, code, message, by]) => {
              const { events, server_name } = await attempt(config, by)
              expect(events).toStrictEqual([
                { event: "connection_attempt", server_name },
                { event: "error", code, message: expect.stringContaining(message) },
              ])
            }),
          )
        } finally {
          await impatient.close()
          await impatientToList.close()
        }
      })

      test("what the host does not allow is refused before anything is started or sent", async () => {
        await using upstream = await legacyServer()
        const strict = await start({ stdio: "off", egress: {} })
        try {
          const { args, command } = stdioServer()
          for (const [config, code] of [
            [{ command, args }, "stdio_disabled"],
            [{ server_url: upstream.url }, "network_forbidden"],
            [{ server_url: upstream.url, type: "sse" }, "network_forbidden"],
          ] as const) {
            const { events } = await attempt(config, strict)
            expect(events).toMatchObject([{ event: "connection_attempt" }, { event: "error", code }])
          }
          expect(upstream.requests).toStrictEqual([])
        } finally {
          await strict.close()
        }
      })

      test("an attempt leaves nothing behind, and takes no name", async () => {
        await using upstream = await legacyServer()
        const actor = `${uniqueName("org")}/alice`
        const { mcpServers } = host().letta(actor)
        const stored = await mcpServers.create({
          server_name: "taken",
          config: { server_url: "https://mcp.invalid/mcp" },
        })
        for (const server_name of ["taken", "free"]) {
          const stream = await connect(host(), { server_name, server_url: upstream.url }, actor)
          expect(await eventsOf(stream)).toStrictEqual(successOf(server_name, defaultTools))
        }
        expect(await mcpServers.list()).toStrictEqual([stored])
        // Idle sessions are kept for a minute; these are not.
        await expect.poll(() => upstream.sessionCount).toBe(0)
      })

      test("two attempts at once, of the same name, do not disturb each other", async () => {
        await using upstream = await legacyServer()
        const config = { server_name: uniqueName("twice"), server_url: upstream.url }
        const both = await Promise.all([1, 2].map(async () => eventsOf(await connect(host(), config))))
        const expected = successOf(config.server_name, defaultTools)
        expect(both).toStrictEqual([expected, expected])
      })
    })
  }

  test("the type may be given by either name, and null is no type", async () => {
    await using upstream = await legacySseServer()
    const { args, command } = stdioServer()
    const remote = { server_url: upstream.url, auth_header: null, auth_token: null, custom_headers: null }
    for (const [config, end] of [
      [{ ...remote, type: "sse" }, "success"],
      [{ ...remote, mcp_server_type: "sse" }, "success"],
      [{ ...remote, type: null }, "success"],
      // It speaks SSE alone, and is not asked that way.
      [{ ...remote, type: "streamable_http" }, "error"],
      [{ ...remote, mcp_server_type: "streamable_http" }, "error"],
      [{ ...remote, type: null, mcp_server_type: "streamable_http" }, "error"],
      [{ type: "stdio", command, args, env: null, server_url: null }, "success"],
      [{ mcp_server_type: "stdio", command, args }, "success"],
    ] as const) {
      const body = { server_name: uniqueName("typed"), ...config }
      const stream = await host().letta().post<AsyncIterable<unknown>>(path, { body, stream: true })
      expect(await eventsOf(stream), JSON.stringify(config)).toMatchObject([
        { event: "connection_attempt" },
        { event: end },
      ])
    }
  })

  test("variables of the actor, token and headers reach the server", async () => {
    await using upstream = await legacyServer()
    const body = {
      server_name: uniqueName("headers"),
      server_url: upstream.url,
      auth_token: "{{ API_KEY | of-the-default }}",
      custom_headers: { "X-Tenant": "one" },
    }
    const stream = await host().letta().post<AsyncIterable<unknown>>(path, { body, stream: true })
    expect(await eventsOf(stream)).toMatchObject([{}, { event: "success" }])
    for (const { headers } of upstream.requests) {
      expect(headers).toMatchObject({ authorization: "Bearer of-the-default", "x-tenant": "one" })
    }
  })

  describe("to a stored server", () => {
    const connectServer = async (id: string, actor?: string) =>
      host().letta(actor).get<AsyncIterable<unknown>>(`/v1/mcp-servers/connect/${id}`, { stream: true })

    test("tells what it lists now, and stores that", async () => {
      await using upstream = await legacyServer({ pageSize: 2 })
      const server = await register(host(), { server_url: upstream.url })
      const [echo] = server.tools
      const inputSchema = { type: "object" }
      await upstream.setTools([
        { name: "echo", inputSchema, handle: () => textResult("") },
        { name: "new 1", inputSchema, handle: () => textResult("") },
        { name: "new 2", inputSchema, handle: () => textResult("") },
      ])
      expect(await eventsOf(await connectServer(server.id))).toStrictEqual(
        successOf(server.name, ["echo", "new 1", "new 2"]),
      )
      const stored = await host().letta().mcpServers.tools.list(server.id)
      expect(stored.map(({ name }) => name)).toStrictEqual(["echo", "new 1", "new 2"])
      expect(stored[0]?.id).toBe(echo?.id)
    })

    test("tells why it could not be reached, and its tools stay", async () => {
      const upstream = await legacyServer()
      const server = await register(host(), { server_url: upstream.url })
      await upstream.close()
      expect(await eventsOf(await connectServer(server.id))).toStrictEqual([
        { event: "connection_attempt", server_name: server.name },
        {
          event: "error",
          code: "mcp_server_unreachable",
          message: expect.stringContaining("connection refused"),
        },
      ])
      expect(await host().letta().mcpServers.tools.list(server.id)).toHaveLength(defaultTools.length)
    })

    test("that is not there, or another organization's, is 404 and no stream", async () => {
      await using upstream = await legacyServer()
      const server = await register(host(), { server_url: upstream.url })
      await expect(connectServer(unknownId)).rejects.toThrow(NotFoundError)
      await expect(connectServer(server.id, "org2/bob")).rejects.toThrow(NotFoundError)
      const headers = { authorization: "Bearer org2/bob" }
      const [foreign, absent] = await Promise.all(
        [server.id, unknownId].map((id) =>
          host().request("GET", `/v1/mcp-servers/connect/${id}`, { headers }),
        ),
      )
      expect(foreign).toMatchObject({ status: 404, body: { error: { type: "mcp_server_not_found" } } })
      expect(JSON.stringify(foreign?.body).replaceAll(server.id, unknownId)).toBe(
        JSON.stringify(absent?.body),
      )
    })
  })

  const url = "https://mcp.invalid/mcp"
  const invalidBodies: ReadonlyArray<readonly [what: string, body: unknown, loc: ReadonlyArray<string>]> = [
    ["no body", undefined, ["body"]],
    ["an array", [], ["body"]],
    ["neither command nor URL", { server_name: "x" }, ["body"]],
    ["both command and URL", { server_name: "x", command: "x", args: [], server_url: url }, ["body"]],
    ["no name", { server_url: url }, ["body", "server_name"]],
    ["a blank name", { server_name: " ", server_url: url }, ["body", "server_name"]],
    ["an unknown type", { server_name: "x", type: "websocket", server_url: url }, ["body", "type"]],
    ["a URL that is none", { server_name: "x", server_url: "nonsense" }, ["body", "server_url"]],
    ["a type without its fields", { server_name: "x", type: "sse" }, ["body", "server_url"]],
    ["a command without arguments", { server_name: "x", command: "npx" }, ["body", "args"]],
    ["arguments in one text", { server_name: "x", command: "npx", args: "-y it" }, ["body", "args"]],
    [
      "a variable that is no text, whatever its name",
      { server_name: "x", command: "npx", args: [], env: { mcp_server_type: 1 } },
      ["body", "env", "mcp_server_type"],
    ],
  ]
  test.each(invalidBodies)("%s is 422, and names the place in the flat form", async (_, body, loc) => {
    expect(await host().request("POST", path, { body })).toMatchObject({
      status: 422,
      body: {
        detail: expect.arrayContaining([{ loc, msg: expect.any(String), type: expect.any(String) }]),
        message: expect.any(String),
      },
    })
  })

  test("nobody is connected for who is not signed in", async () => {
    await using upstream = await legacyServer()
    const body = { server_name: "x", server_url: upstream.url }
    const headers = { authorization: "" }
    expect(await host().request("POST", path, { body, headers })).toMatchObject({ status: 401 })
    expect(await host().request("GET", `/v1/mcp-servers/connect/${unknownId}`, { headers })).toMatchObject({
      status: 401,
    })
    expect(upstream.requests).toStrictEqual([])
  })

  connectStreamCases(host, start)
}

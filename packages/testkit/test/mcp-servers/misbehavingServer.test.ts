import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { describe, expect, it, vi } from "vitest"
import { misbehavingServer, misbehavingServerKinds } from "../../src/mcp-servers/misbehavingServer.ts"
import type { MisbehavingServer } from "../../src/mcp-servers/misbehavingServer.ts"
import { connectedClient } from "./connectedClient.ts"

const post = (server: MisbehavingServer, method: string, params: object = {}, signal?: AbortSignal) =>
  fetch(server.url, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    ...(signal === undefined ? {} : { signal }),
  })

const initialize = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "testkit", version: "1.0.0" },
}

/** The answer's status, and its body as JSON. */
const posted = async (server: MisbehavingServer, method: string, params: object = {}) => {
  const answer = await post(server, method, params)
  expect(answer.status).toBe(200)
  const body: unknown = await answer.json()
  return body
}

/** That the request arrived, that nothing came back so far, and that it can be given up. */
const expectSilence = async (server: MisbehavingServer, method: string) => {
  const giveUp = new AbortController()
  let answered = false
  const answer = post(server, method, {}, giveUp.signal).then(
    () => {
      answered = true
    },
    () => {},
  )
  await vi.waitFor(() => expect(server.requests.at(-1)?.rpcMethod).toBe(method))
  expect(answered).toBe(false)
  giveUp.abort()
  await answer
  expect(answered).toBe(false)
}

describe("misbehavingServer before a connection", () => {
  it("html answers with a page", async () => {
    await using server = await misbehavingServer("html")
    const answer = await post(server, "initialize", initialize)
    expect(answer.status).toBe(200)
    expect(answer.headers.get("content-type")).toContain("text/html")
    expect(await answer.text()).toContain("<title>")
  })

  it.each([
    ["status_401", 401],
    ["status_401_challenge", 401],
    ["status_403", 403],
    ["status_404", 404],
    ["status_405", 405],
    ["status_500", 500],
    ["status_503", 503],
  ] as const)("%s answers so", async (kind, status) => {
    await using server = await misbehavingServer(kind)
    const answer = await post(server, "initialize", initialize)
    expect(answer.status).toBe(status)
    expect(answer.headers.has("www-authenticate")).toBe(kind === "status_401_challenge")
    expect(answer.headers.has("retry-after")).toBe(kind === "status_503")
    expect((await fetch(server.url)).status).toBe(status)
    const metadata = /resource_metadata="(.*)"/.exec(answer.headers.get("www-authenticate") ?? "")?.[1]
    expect((await fetch(new URL(metadata ?? "/elsewhere", server.url))).status).toBe(404)
  })

  it("never_answers never does", async () => {
    await using server = await misbehavingServer("never_answers")
    await expectSilence(server, "initialize")
  })

  it("closes_socket does so", async () => {
    await using server = await misbehavingServer("closes_socket")
    await expect(post(server, "initialize", initialize)).rejects.toThrow()
    expect(server.requests.length).toBeGreaterThan(0)
  })

  it("garbage_json_rpc is JSON", async () => {
    await using server = await misbehavingServer("garbage_json_rpc")
    expect(await posted(server, "initialize", initialize)).toEqual({ jsonrpc: "1.0", answer: 42 })
  })

  it("truncated_json is none, though the response is complete", async () => {
    await using server = await misbehavingServer("truncated_json")
    const answer = await post(server, "initialize", initialize)
    expect(answer.headers.get("content-type")).toBe("application/json")
    const text = await answer.text()
    expect(() => JSON.parse(text)).toThrow(SyntaxError)
  })

  it("endless_sse_comments has comments and no events", async () => {
    await using server = await misbehavingServer("endless_sse_comments")
    const giveUp = new AbortController()
    const answer = await post(server, "initialize", initialize, giveUp.signal)
    expect(answer.headers.get("content-type")).toBe("text/event-stream")
    let text = ""
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (text.length > 100) break
    }
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith(":"))).toEqual([])
    giveUp.abort()
  })

  it("cross_origin_redirect tells whether it was followed", async () => {
    await using server = await misbehavingServer("cross_origin_redirect")
    const answer = await post(server, "initialize", initialize)
    expect(answer.status).toBe(307)
    const location = answer.headers.get("location") ?? ""
    expect(new URL(location).origin).not.toBe(new URL(server.url).origin)
    expect(server.redirected).toEqual([])
    const transport = new StreamableHTTPClientTransport(new URL(location))
    await using client = await connectedClient(transport, "legacy")
    expect((await client.listTools()).tools).toHaveLength(2)
    expect(server.redirected.length).toBeGreaterThan(0)
  })
})

describe.each(["legacy", "modern"] as const)("misbehavingServer of era %s once connected", (era) => {
  const open = (server: MisbehavingServer) =>
    connectedClient(new StreamableHTTPClientTransport(new URL(server.url)), "auto", { listMaxPages: 5 })

  it("has working tools where its fault is elsewhere", async () => {
    await using server = await misbehavingServer("hangs_at_tools_list", { era })
    await using client = await open(server)
    expect(client.getNegotiatedProtocolVersion()).toBe(era === "legacy" ? "2025-11-25" : "2026-07-28")
    const { content } = await client.callTool({ name: "echo", arguments: { text: "hello" } })
    expect(content).toEqual([{ type: "text", text: "hello" }])
  })

  it("hangs_at_tools_list hangs there", async () => {
    await using server = await misbehavingServer("hangs_at_tools_list", { era })
    await expectSilence(server, "tools/list")
  })

  it("endless_cursor has another cursor on each page", async () => {
    await using server = await misbehavingServer("endless_cursor", { era })
    expect(await posted(server, "tools/list")).toMatchObject({
      result: { tools: [{ name: "page_0" }], nextCursor: "1" },
    })
    expect(await posted(server, "tools/list", { cursor: "7" })).toMatchObject({
      result: { tools: [{ name: "page_7" }], nextCursor: "8" },
    })
    await using client = await open(server)
    await expect(client.listTools()).rejects.toThrow()
  })

  it("repeating_cursor has the same cursor on each page", async () => {
    await using server = await misbehavingServer("repeating_cursor", { era })
    for (const params of [{}, { cursor: "again" }]) {
      expect(await posted(server, "tools/list", params)).toMatchObject({ result: { nextCursor: "again" } })
    }
  })

  it("malformed_schema lists bad tools beside good ones", async () => {
    await using server = await misbehavingServer("malformed_schema", { era })
    expect(await posted(server, "tools/list")).toMatchObject({
      result: {
        tools: [
          { name: "echo", inputSchema: { type: "object" } },
          { name: "ping", inputSchema: { type: "object" } },
          { name: "bad_type", inputSchema: { type: "string" } },
          { name: "bad_properties", inputSchema: { type: "object", properties: "none" } },
        ],
      },
    })
    await using client = await open(server)
    // One bad tool costs the client the whole list.
    await expect(client.listTools()).rejects.toThrow()
  })

  it("duplicate_tool_names lists a name twice", async () => {
    await using server = await misbehavingServer("duplicate_tool_names", { era })
    await using client = await open(server)
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["echo", "ping", "ping"])
  })

  it("huge_descriptions and huge_tool_result are as huge as asked for", async () => {
    await using tools = await misbehavingServer("huge_descriptions", { era })
    await using client = await open(tools)
    const { tools: listed } = await client.listTools()
    expect(listed.map(({ description }) => description?.length)).toEqual([2 ** 20, 2 ** 20])
    await using results = await misbehavingServer("huge_tool_result", { era })
    await using other = await open(results)
    const { content } = await other.callTool({ name: "ping" })
    expect(content[0]?.type === "text" ? content[0].text.length : 0).toBe(2 ** 24)
    await using small = await misbehavingServer("huge_tool_result", { era, bytes: 10 })
    expect(JSON.stringify(await posted(small, "tools/call"))).toContain('"rrrrrrrrrr"')
  })

  it("dies_in_tools_call closes the connection then, and takes the next one", async () => {
    await using server = await misbehavingServer("dies_in_tools_call", { era })
    await using client = await open(server)
    await client.listTools()
    await expect(client.callTool({ name: "ping" })).rejects.toThrow()
    expect((await client.listTools()).tools).toHaveLength(2)
    expect(server.requests.filter(({ rpcMethod }) => rpcMethod === "tools/call")).toHaveLength(1)
  })

  it("hangs_in_tools_call hangs there", async () => {
    await using server = await misbehavingServer("hangs_in_tools_call", { era })
    await expectSilence(server, "tools/call")
  })

  it("tools_call_stream_ends has no result in its stream", async () => {
    await using server = await misbehavingServer("tools_call_stream_ends", { era })
    const answer = await post(server, "tools/call", { name: "ping" })
    expect(answer.headers.get("content-type")).toBe("text/event-stream")
    expect(await answer.text()).toBe(": that was all\n\n")
  })
})

it.each(misbehavingServerKinds)("%s closes at once with a request open, and twice", async (kind) => {
  const server = await misbehavingServer(kind)
  const request = post(server, "tools/call").then(
    (answer) => answer.text(),
    () => {},
  )
  await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0))
  await server.close()
  await server.close()
  await request.catch(() => {})
  await expect(fetch(server.url)).rejects.toThrow()
})

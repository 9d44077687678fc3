import { expect, test } from "vitest"
import { legacyServer, legacySseServer, modernServer, reportTool, stdioServer } from "../../src/index.ts"
import { alice, startHost } from "./startHost.ts"

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736"
const parentId = "00f067aa0ba902b7"
const traceparent = `00-${traceId}-${parentId}-01`

const targets = {
  "HTTP, modern": async () => {
    const server = await modernServer({ tools: [reportTool] })
    return { target: server.url, server }
  },
  "HTTP, legacy": async () => {
    const server = await legacyServer({ tools: [reportTool] })
    return { target: server.url, server }
  },
  SSE: async () => {
    const server = await legacySseServer({ tools: [reportTool] })
    return { target: server.url, server }
  },
  "stdio, modern": async () => ({ target: stdioServer({ era: "modern", reports: true }), server: undefined }),
  "stdio, legacy": async () => ({ target: stdioServer({ era: "legacy", reports: true }), server: undefined }),
}

test.each(Object.entries(targets))(
  "%s: the server is told the span of the call, which is a child of the request's parent",
  async (name, start) => {
    const { server, target } = await start()
    try {
      await using host = await startHost()
      const { id, toolId } = await host.register(target)
      const meta = await host.runByRest(id, toolId("report"), { notices: [] }, { traceparent })
      const spans = (await host.close()).spans()

      const run = spans.find((span) => span.name === "mooring.run")
      expect(run).toMatchObject({ traceId, parentSpanId: parentId, kind: 1, status: { code: 1 } })
      const call = spans.find((span) => span.name === "tools/call report")
      expect(call).toMatchObject({
        traceId,
        parentSpanId: run?.spanId,
        kind: 3,
        attributes: {
          "mcp.method.name": "tools/call",
          "gen_ai.tool.name": "report",
          "gen_ai.operation.name": "execute_tool",
          ...(name.startsWith("stdio")
            ? { "network.transport": "pipe" }
            : {
                "network.transport": "tcp",
                "network.protocol.name": "http",
                "server.address": "127.0.0.1",
                "server.port": Number(new URL(String(target)).port),
              }),
        },
      })
      expect(meta).toMatchObject({ traceparent: `00-${traceId}-${call?.spanId}-01` })
      const isModern = name.endsWith("modern")
      expect(call?.attributes["mcp.protocol.version"]).toBe(isModern ? "2026-07-28" : "2025-11-25")
      expect(typeof call?.attributes["mcp.session.id"]).toBe(name === "HTTP, legacy" ? "string" : "undefined")

      const refresh = spans.find((span) => span.name === "mooring.refresh")
      for (const made of [isModern ? "server/discover" : "initialize", "tools/list"]) {
        expect(spans.find((span) => span.name === made)).toMatchObject({
          kind: 3,
          traceId: refresh?.traceId,
          parentSpanId: refresh?.spanId,
          attributes: { "mcp.method.name": made },
        })
      }
    } finally {
      await server?.close()
    }
  },
)

test("failures have a type, and no words of the server's", async () => {
  await using server = await modernServer()
  await using host = await startHost()
  const { id, toolId } = await host.register(server.url)
  const run = (tool: string) => host.mooring.tools.run(alice, id, toolId(tool), {})
  expect(await run("fail")).toMatchObject({ status: "error" })
  expect(await run("throws")).toMatchObject({ status: "error" })
  const aborted = AbortSignal.abort()
  const cancelled = host.mooring.tools.run(alice, id, toolId("slow"), { ms: 60_000 }, { signal: aborted })
  await expect(cancelled).rejects.toBeDefined()

  const collector = await host.close()
  const of = (name: string) => collector.spans().find((span) => span.name === name)
  expect(of("tools/call fail")).toMatchObject({
    status: { code: 2, message: "tool_error" },
    attributes: { "error.type": "tool_error" },
  })
  expect(of("tools/call throws")).toMatchObject({
    status: { code: 2, message: "-32050" },
    attributes: { "error.type": "-32050", "rpc.response.status_code": "-32050" },
  })
  expect(collector.text()).not.toContain("as it always does")
})

test.each([
  { start: legacyServer, method: "initialize", handshakes: ["initialize", "initialize"] },
  { start: modernServer, method: "server/discover", handshakes: ["server/discover"] },
])("$method is a span each time that it is sent", async ({ handshakes, start }) => {
  await using server = await start()
  await using host = await startHost({ limits: { sessionIdleMs: 1 } })
  const { id, toolId } = await host.register(server.url)
  const liveSessions = async () => (await host.mooring.servers.health(alice, id)).liveSessions
  await expect.poll(liveSessions).toBe(0)
  await host.mooring.tools.run(alice, id, toolId("echo"), { text: "again" })

  const sent = server.requests.map(({ rpcMethod }) => rpcMethod)
  expect(sent.filter((method) => method === handshakes[0])).toHaveLength(handshakes.length)
  const names = (await host.close()).spans().map(({ name }) => name)
  expect(names.filter((name) => name === "initialize" || name === "server/discover")).toStrictEqual(
    handshakes,
  )
})

test("who has no telemetry sends none, whoever asks with a trace", async () => {
  await using server = await legacyServer({ tools: [reportTool] })
  await using host = await startHost({ telemetry: undefined })
  const { id, toolId } = await host.register(server.url)
  const meta = await host.runByRest(id, toolId("report"), { notices: [] }, { traceparent })
  expect(meta).toStrictEqual({})
  expect(JSON.stringify(server.requests)).not.toMatch(/traceparent|4bf92f/)
  expect((await host.close()).text()).toBe("[]")
})

test("a collector that is away harms nothing", async () => {
  await using server = await modernServer()
  await using host = await startHost()
  await host.collector[Symbol.asyncDispose]()
  const { id, toolId } = await host.register(server.url)
  const result = host.mooring.tools.run(alice, id, toolId("echo"), { text: "there" })
  expect(await result).toMatchObject({ status: "success", text: "there" })
})

import { expect, onTestFinished, test, vi } from "vitest"
import { JsonRpcError, legacyServer, modernServer, stdioServer, textResult } from "../../src/index.ts"
import { alice, startHost } from "./startHost.ts"

const inputSchema = { type: "object", properties: {} }
const tools = [
  { name: "answers", inputSchema, handle: () => textResult("canary-result") },
  { name: "fails", inputSchema, handle: () => ({ ...textResult("canary-tool-error"), isError: true }) },
  {
    name: "throws",
    inputSchema,
    handle: () => {
      throw new JsonRpcError(-32000, "canary-rpc-error")
    },
  },
]

const canaries = {
  "x-canary": "canary-incoming-header",
  authorization: "Bearer canary-host-token",
  cookie: "session=canary-cookie",
  tracestate: "vendor=canary-tracestate",
  baggage: "user=canary-baggage",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
}

test("no secret, argument, result or word of a server's is in spans, metrics or log lines", async () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {})
  onTestFinished(() => written.mockRestore())
  await using host = await startHost({ logLevel: "Info", logFormat: "json" })

  for (const start of [legacyServer, modernServer]) {
    await using server = await start({ tools })
    await using refusing = await start({
      intercept: () =>
        new Response("canary-body", {
          status: 500,
          statusText: "canary-status",
          headers: { "www-authenticate": 'Bearer error="canary-challenge"' },
        }),
    })
    const secrets = { authToken: "canary-token", customHeaders: { "x-key": "canary-header" } }
    const { id, toolId } = await host.register(`${server.url}?key=canary-query#canary-hash`, secrets)
    for (const { name } of tools) {
      await host.mooring.tools.run(alice, id, toolId(name), { secret: "canary-argument" })
      await host.runByRest(id, toolId(name), { secret: "canary-argument" }, canaries).catch(() => {})
    }
    // What is told to a server is the trace alone.
    expect(JSON.stringify(server.requests)).not.toMatch(/canary-(tracestate|baggage|incoming|host|cookie)/)

    const { id: refusingId } = await host.register(`${refusing.url}?key=canary-query`, secrets)
    await expect(host.mooring.tools.refresh(alice, refusingId)).rejects.toThrow()
    for await (const _ of host.mooring.connect(alice, refusingId)) continue
    await host.mooring.fetch(
      new Request("http://host.test/v1/mcp-servers/?after=canary-api-query", { headers: canaries }),
    )
    await host.mooring.fetch(
      new Request("http://host.test/v1/mcp-servers/oauth/callback?code=canary-code&state=canary-state", {
        headers: canaries,
      }),
    )
  }
  const { id, toolId } = await host.register(
    stdioServer({ env: { CANARY: "canary-env" }, args: ["canary-arg"] }),
  )
  await host.mooring.tools.run(alice, id, toolId("env"))
  await host.register({ command: "node", args: ["-e", "console.error('canary-stderr'); process.exit(3)"] })

  const collector = await host.close()
  expect(collector.spans().length).toBeGreaterThan(20)
  expect(collector.logs().length).toBeGreaterThan(20)
  expect(collector.points().length).toBeGreaterThan(10)
  expect(collector.text().match(/.{60}canary-[\w-]+/g)).toBeNull()
  expect(JSON.stringify(written.mock.calls).match(/.{60}canary-[\w-]+/g)).toBeNull()
})

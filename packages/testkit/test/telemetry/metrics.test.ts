import { expect, test } from "vitest"
import { legacyServer } from "../../src/index.ts"
import { alice, startHost } from "./startHost.ts"

test("runs, opens, live sessions and their time are counted, by names and by nobody's id", async () => {
  await using server = await legacyServer()
  await using gone = await legacyServer()
  await using host = await startHost()
  const { id, toolId } = await host.register(server.url)
  const { id: goneId } = await host.register(gone.url)
  for (const text of ["one", "two", "three"]) {
    await host.mooring.tools.run(alice, id, toolId("echo"), { text })
  }
  await host.mooring.tools.run(alice, id, toolId("fail"))
  await gone.close()
  await expect(host.mooring.tools.refresh(alice, goneId)).rejects.toThrow()
  await expect(host.mooring.tools.refresh(alice, goneId)).rejects.toThrow()

  const collector = await host.close()
  const points = collector.points()
  const here = { "server.address": "127.0.0.1", "network.transport": "tcp", "network.protocol.name": "http" }
  const of = (metric: string, attributes: object) =>
    points.find((point) => {
      const entries = Object.entries(attributes)
      return point.metric === metric && entries.every(([key, value]) => point.attributes[key] === value)
    })
  expect(of("mcp.client.operation.duration", { "gen_ai.tool.name": "echo" })).toMatchObject({
    unit: "s",
    count: 3,
    explicitBounds: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
    attributes: { "mcp.method.name": "tools/call", "mcp.protocol.version": "2025-11-25", ...here },
  })
  expect(of("mcp.client.operation.duration", { "gen_ai.tool.name": "fail" })).toMatchObject({
    count: 1,
    attributes: { "error.type": "tool_error" },
  })
  expect(of("mcp.client.operation.duration", { "mcp.method.name": "initialize" })?.count).toBe(2)
  expect(of("mooring.run.duration", { "network.transport": "tcp" })).toMatchObject({ count: 3 })
  expect(of("mooring.session.active", { "network.transport": "tcp" })?.asDouble).toBe(0)
  expect(of("mooring.session.opens", { "error.type": "mcp_server_unreachable" })?.asDouble).toBeGreaterThan(0)
  expect(of("mcp.client.session.duration", here)?.count).toBe(2)
  expect(JSON.stringify(points)).not.toMatch(/mcp_server-|tool-|alice|acme/)
  expect(collector.service()).toBe("a-host")
})

import { expect, onTestFinished, test, vi } from "vitest"
import { legacyServer, misbehavingServer } from "../../src/index.ts"
import { alice, startHost } from "./startHost.ts"

const capture = () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {})
  onTestFinished(() => written.mockRestore())
  return () => written.mock.calls.map(([line]): Record<string, unknown> => JSON.parse(String(line)))
}

test("at the level Info there is one line of JSON for an event, on the standard error and at the collector", async () => {
  const lines = capture()
  await using server = await legacyServer()
  await using host = await startHost({ logLevel: "Info", logFormat: "json" })
  const { id, toolId } = await host.register(server.url)
  await host.mooring.tools.run(alice, id, toolId("echo"), { text: "said" })
  await host.mooring.tools.run(alice, id, toolId("throws"))
  const events = []
  for await (const { event } of host.mooring.connect(alice, id)) events.push(event)
  expect(events).toContain("success")
  const collector = await host.close()

  const told = lines().map(({ annotations, level }) => ({ level, annotations }))
  const info = (annotations: object) => ({ level: "INFO", annotations })
  const owner = { organization: "acme", user: "alice" }
  const duration_ms = expect.any(Number)
  const session = { server: id, transport: "streamable_http", protocol_version: "2025-11-25" }
  const changes = { status: "success", server: id, updated: 0, deleted: 0, duration_ms }
  const run = { event: "run_finished", server: id, duration_ms, ...owner }
  expect(told).toStrictEqual([
    info({ event: "session_opened", ...session }),
    info({ event: "tools_refreshed", ...changes, added: 9 }),
    info({ ...run, tool: "echo", status: "success" }),
    info({ ...run, tool: "throws", status: "error", error_type: "-32050" }),
    info({ event: "tools_refreshed", ...changes, added: 0 }),
    info({
      event: "connect_finished",
      status: "success",
      server: id,
      transport: "streamable_http",
      tools: 9,
      duration_ms,
      ...owner,
    }),
    info({ event: "session_closed", ...session, duration_ms }),
  ])
  expect(collector.logs().map(({ event }) => event)).toStrictEqual(
    told.map(({ annotations }) => Object(annotations).event),
  )
})

test("a server that keeps failing is told once, and once that it is well again", async () => {
  const lines = capture()
  await using server = await legacyServer()
  await using host = await startHost({ logLevel: "Info", logFormat: "json", telemetry: undefined })
  const { id } = await host.register(server.url)
  const { port } = new URL(server.url)
  await server.close()
  for (let times = 0; times < 8; times += 1) {
    await expect(host.mooring.tools.refresh(alice, id)).rejects.toThrow()
  }
  await using back = await legacyServer({ port: Number(port) })
  await host.mooring.tools.refresh(alice, id)
  expect(back.calls).toStrictEqual([])

  const circuit = lines().filter(({ annotations }) =>
    String(Object(annotations).event).startsWith("circuit_"),
  )
  expect(circuit.map(({ annotations }) => annotations)).toStrictEqual([
    {
      event: "circuit_opened",
      server: id,
      failures: 5,
      error_type: "mcp_server_unreachable",
      open_ms: expect.any(Number),
    },
    { event: "circuit_closed", server: id },
  ])
})

test("nothing is written at the default level, whatever servers do", async () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {})
  onTestFinished(() => written.mockRestore())
  await using server = await misbehavingServer("html")
  await using host = await startHost({ logLevel: undefined })
  const { id } = await host.register(server.url)
  await expect(host.mooring.tools.refresh(alice, id)).rejects.toThrow()
  await host.close()
  expect(written.mock.calls).toStrictEqual([])
})

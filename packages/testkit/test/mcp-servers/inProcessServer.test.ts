import { describe, expect, it } from "vitest"
import { inProcessServer } from "../../src/mcp-servers/inProcessServer.ts"
import type { InProcessServerOptions } from "../../src/mcp-servers/inProcessServer.ts"
import { connectedClient } from "./connectedClient.ts"
import { defaultToolsSuite, observedToolsSuite } from "./defaultToolsSuite.ts"

describe.each([
  { era: "legacy", mode: "auto", version: "2025-11-25" },
  { era: "modern", mode: "auto", version: "2026-07-28" },
  { era: "both", mode: "auto", version: "2026-07-28" },
  { era: "both", mode: "legacy", version: "2025-11-25" },
] as const)("inProcessServer of era $era, client $mode", ({ era, mode, version }) => {
  const connect = async (options: InProcessServerOptions) => {
    const server = inProcessServer({ era, ...options })
    const client = await connectedClient(server.connect(), mode)
    return {
      client,
      observer: server,
      [Symbol.asyncDispose]: async () => {
        await client.close()
        await server.close()
      },
    }
  }

  defaultToolsSuite(connect)
  observedToolsSuite(connect)

  it(`speaks ${version}`, async () => {
    await using connection = await connect({})
    expect(connection.client.getNegotiatedProtocolVersion()).toBe(version)
  })

  it("notifies its clients of other tools", async () => {
    await using server = inProcessServer({ era })
    const changed = Promise.withResolvers<void>()
    await using client = await connectedClient(server.connect(), mode)
    client.setNotificationHandler("notifications/tools/list_changed", () => changed.resolve())
    if (version === "2026-07-28") await client.listen({ toolsListChanged: true })
    await server.setTools([])
    await expect(changed.promise).resolves.toBeUndefined()
  })

  it("makes a fresh instance for each connection and ends them on demand", async () => {
    await using server = inProcessServer({ era })
    await using first = await connectedClient(server.connect(), mode)
    await using second = await connectedClient(server.connect(), mode)
    expect(server.connectionCount).toBe(2)
    await first.callTool({ name: "count" })
    await second.callTool({ name: "count" })
    expect(server.calls).toHaveLength(2)
    expect(
      server.messages.filter((message) => "method" in message && message.method === "tools/call"),
    ).toHaveLength(2)
    await first.close()
    expect(server.connectionCount).toBe(1)
    await server.disconnect()
    expect(server.connectionCount).toBe(0)
    await expect(second.listTools()).rejects.toThrow()
    await using third = await connectedClient(server.connect(), mode)
    expect((await third.listTools()).tools).toHaveLength(9)
  })
})

it("inProcessServer of one era refuses the other's clients", async () => {
  await using modern = inProcessServer({ era: "modern" })
  await expect(connectedClient(modern.connect(), "legacy")).rejects.toThrow()
  await using legacy = inProcessServer({ era: "legacy" })
  await expect(connectedClient(legacy.connect(), "modern")).rejects.toThrow()
})

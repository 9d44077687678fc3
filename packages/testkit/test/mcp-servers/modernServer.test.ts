import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { describe, expect, it } from "vitest"
import { modernServer } from "../../src/mcp-servers/modernServer.ts"
import type { HttpTestServerOptions } from "../../src/mcp-servers/TestServerOptions.ts"
import { connectedClient } from "./connectedClient.ts"
import { defaultToolsSuite, observedToolsSuite } from "./defaultToolsSuite.ts"

const transport = (url: string) => new StreamableHTTPClientTransport(new URL(url))

const connect = async (options: HttpTestServerOptions) => {
  const server = await modernServer(options)
  const client = await connectedClient(transport(server.url), "auto")
  return {
    client,
    observer: server,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await server.close()
    },
  }
}

describe("modernServer", () => {
  defaultToolsSuite(connect)
  observedToolsSuite(connect)

  it("speaks 2026-07-28 and refuses initialize", async () => {
    await using connection = await connect({})
    expect(connection.client.getNegotiatedProtocolVersion()).toBe("2026-07-28")
    await expect(connectedClient(transport(connection.observer.url), "legacy")).rejects.toThrow()
    const answer = await fetch(connection.observer.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: {
          protocolVersion: "2025-11-25",
          capabilities: {},
          clientInfo: { name: "old", version: "1" },
        },
      }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: { code: -32022, data: { supported: ["2026-07-28"] } },
    })
  })

  it("notifies of other tools those clients that listen", async () => {
    await using server = await modernServer()
    const changed = Promise.withResolvers<void>()
    await using client = await connectedClient(transport(server.url), "modern")
    client.setNotificationHandler("notifications/tools/list_changed", () => changed.resolve())
    const subscription = await client.listen({ toolsListChanged: true })
    await server.setTools([])
    await expect(changed.promise).resolves.toBeUndefined()
    await subscription.close()
  })

  it("closes with its clients connected", async () => {
    const server = await modernServer()
    await using client = await connectedClient(transport(server.url))
    const call = expect(client.callTool({ name: "slow", arguments: { ms: 60_000 } })).rejects.toThrow()
    await server.called("slow")
    await server.close()
    await server.close()
    await call
    expect(server.cancellations).toEqual([])
    await expect(fetch(server.url)).rejects.toThrow()
  })
})

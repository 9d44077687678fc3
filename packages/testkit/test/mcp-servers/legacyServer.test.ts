import { SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { describe, expect, it, vi } from "vitest"
import { legacyServer } from "../../src/mcp-servers/legacyServer.ts"
import { legacySseServer } from "../../src/mcp-servers/legacySseServer.ts"
import type { HttpTestServerOptions } from "../../src/mcp-servers/TestServerOptions.ts"
import { connectedClient } from "./connectedClient.ts"
import { defaultToolsSuite, observedToolsSuite } from "./defaultToolsSuite.ts"

const kinds = [
  {
    name: "legacyServer",
    start: legacyServer,
    transport: (url: string) => new StreamableHTTPClientTransport(new URL(url)),
  },
  {
    name: "legacySseServer",
    start: legacySseServer,
    transport: (url: string) => new SSEClientTransport(new URL(url)),
  },
]

describe.each(kinds)("$name", ({ start, transport }) => {
  const connect = async (options: HttpTestServerOptions) => {
    const server = await start(options)
    const client = await connectedClient(transport(server.url), "auto")
    return {
      client,
      server,
      observer: server,
      [Symbol.asyncDispose]: async () => {
        await client.close()
        await server.close()
      },
    }
  }

  defaultToolsSuite(connect)
  observedToolsSuite(connect)

  it("speaks the era of initialize", async () => {
    await using connection = await connect({ name: "named" })
    expect(connection.client.getNegotiatedProtocolVersion()).toBe("2025-11-25")
    expect(connection.client.getServerVersion()).toEqual({ name: "named", version: "1.0.0" })
  })

  it("refuses a client that speaks 2026-07-28 alone", async () => {
    await using server = await start()
    await expect(connectedClient(transport(server.url), "modern")).rejects.toThrow()
  })

  it("notifies its clients of other tools", async () => {
    await using server = await start()
    const changed = Promise.withResolvers<void>()
    await using client = await connectedClient(transport(server.url), "legacy")
    client.setNotificationHandler("notifications/tools/list_changed", () => changed.resolve())
    if (start === legacyServer) {
      // The notification goes to the stream of `GET`, which the client opens after it has connected.
      await vi.waitFor(() => expect(server.requests.map(({ method }) => method)).toContain("GET"))
    }
    await server.setTools([])
    await changed.promise
  })

  it("drops its sessions", async () => {
    await using connection = await connect({})
    const { client, server } = connection
    expect(server.sessionCount).toBe(1)
    await server.dropSessions()
    expect(server.sessionCount).toBe(0)
    await expect(client.listTools()).rejects.toThrow()
  })

  it("records requests and lets a test answer in its place", async () => {
    await using server = await start({
      intercept: (request) =>
        new URL(request.url).pathname === "/.well-known/oauth-protected-resource"
          ? Response.json({ resource: "here" })
          : request.headers.get("authorization") === "Bearer good"
            ? undefined
            : new Response("Who are you?", { status: 401 }),
    })
    const metadata = await fetch(new URL("/.well-known/oauth-protected-resource", server.url))
    expect(await metadata.json()).toEqual({ resource: "here" })
    expect((await fetch(server.url)).status).toBe(401)
    const elsewhere = await fetch(new URL("/elsewhere", server.url), {
      headers: { authorization: "Bearer good" },
      method: "POST",
      body: "no JSON",
    })
    expect(elsewhere.status).toBe(404)
    expect(server.requests.map(({ method, url }) => [method, new URL(url, server.url).pathname])).toEqual([
      ["GET", "/.well-known/oauth-protected-resource"],
      ["GET", new URL(server.url).pathname],
      ["POST", "/elsewhere"],
    ])
    expect(server.requests[2]).toMatchObject({ headers: { authorization: "Bearer good" }, body: "no JSON" })
  })

  it("closes with its clients connected, and twice", async () => {
    const server = await start()
    await using client = await connectedClient(transport(server.url))
    const call = expect(client.callTool({ name: "slow", arguments: { ms: 60_000 } })).rejects.toThrow()
    await server.called("slow")
    await server.close()
    await server.close()
    await client.close()
    await call
    expect(server.cancellations).toEqual([])
    await expect(fetch(server.url)).rejects.toThrow()
  })
})

it("legacyServer answers 404 to an unknown session and 400 to none", async () => {
  await using server = await legacyServer()
  const post = (headers: Record<string, string>) =>
    fetch(server.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    })
  expect((await post({ "mcp-session-id": "unknown" })).status).toBe(404)
  expect((await post({})).status).toBe(400)
})

it("legacyServer ends a session with DELETE", async () => {
  await using server = await legacyServer()
  const transport = new StreamableHTTPClientTransport(new URL(server.url))
  await using client = await connectedClient(transport, "legacy")
  expect(server.sessionCount).toBe(1)
  await transport.terminateSession()
  expect(server.sessionCount).toBe(0)
  await expect(client.listTools()).rejects.toThrow()
})

it("legacyServer lets go of a stream whose client is gone", async () => {
  await using server = await legacyServer()
  const transport = new StreamableHTTPClientTransport(new URL(server.url))
  await using _client = await connectedClient(transport, "legacy")
  const headers = { accept: "text/event-stream", "mcp-session-id": transport.sessionId ?? "" }
  // There is one such stream for a session at most: a second one tells whether the first is gone.
  const open = (signal: AbortSignal) => fetch(server.url, { headers, signal })
  const untilStatus = (status: number) =>
    vi.waitFor(
      async () => {
        const giveUp = new AbortController()
        const answer = await open(giveUp.signal)
        expect(answer.status).toBe(status)
        return giveUp
      },
      { timeout: 10_000, interval: 5 },
    )
  await untilStatus(409)
  await transport.close()
  const second = await untilStatus(200)
  second.abort()
  const third = await untilStatus(200)
  third.abort()
})

it("legacySseServer says by 405 that streamable HTTP is not spoken", async () => {
  await using server = await legacySseServer()
  const answer = await fetch(server.url, { method: "POST", body: "{}" })
  expect(answer.status).toBe(405)
  expect(answer.headers.get("allow")).toBe("GET")
})

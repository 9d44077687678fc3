import { SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { describe, expect, it } from "vitest"
import { legacyServer } from "../../src/mcp-servers/legacyServer.ts"
import { legacySseServer } from "../../src/mcp-servers/legacySseServer.ts"
import { modernServer } from "../../src/mcp-servers/modernServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { connectedClient } from "../mcp-servers/connectedClient.ts"
import { bothServers } from "./bothServers.ts"
import { clientWith, initialized, statusWith } from "./mcpRequests.ts"
import { MemoryOAuthClient } from "./MemoryOAuthClient.ts"
import { signedIn } from "./signedIn.ts"
import { refreshed } from "./tokenRequests.ts"

const text = (value: string) => ({ content: [{ type: "text", text: value }] })

const starts = [
  ["legacyServer", legacyServer, StreamableHTTPClientTransport],
  ["modernServer", modernServer, StreamableHTTPClientTransport],
  ["legacySseServer", legacySseServer, SSEClientTransport],
] as const

describe.each(starts)("protectedMcpServer on %s", (_name, start, Transport) => {
  it("lets a user in by the whole code flow", async () => {
    await using there = await bothServers({}, { start })
    const { mcpServer, server } = there
    const authProvider = new MemoryOAuthClient()
    const transport = new Transport(new URL(mcpServer.url), { authProvider })
    await expect(connectedClient(transport)).rejects.toThrow()
    const callback = await signIn(authProvider.authorizationUrl ?? "", { user: "bob" })
    await transport.finishAuth(callback.searchParams)

    await using client = await connectedClient(new Transport(new URL(mcpServer.url), { authProvider }))
    expect(await client.callTool({ name: "whoami" })).toMatchObject(text("bob"))
    expect((await client.listTools()).tools).toHaveLength(10)
    expect(mcpServer.calls).toEqual([{ name: "whoami", args: {} }])
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/.well-known/oauth-authorization-server",
      "/register",
      "/authorize",
      expect.stringMatching("^/interaction/"),
      expect.stringMatching("^/interaction/"),
      expect.stringMatching("^/authorize/"),
      expect.stringMatching("^/interaction/"),
      expect.stringMatching("^/interaction/"),
      expect.stringMatching("^/authorize/"),
      "/token",
    ])
    expect(server.refusals).toEqual([])
  })

  it("tells its users apart, also in parallel calls", async () => {
    await using there = await bothServers({}, { start })
    const users = ["alice", "bob"] as const
    const connections = await Promise.all(
      users.map(async (user) => {
        const authProvider = await signedIn(there.mcpServer.url, { user })
        return connectedClient(new Transport(new URL(there.mcpServer.url), { authProvider }))
      }),
    )
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, call) => connections[call % 2]?.callTool({ name: "whoami" })),
    )
    expect(answers).toMatchObject(Array.from({ length: 20 }, (_, call) => text(users[call % 2] ?? "")))
    for (const client of connections) await client.close()
  })
})

describe("protectedMcpServer", () => {
  it("challenges, and says where to sign in", async () => {
    await using there = await bothServers(
      {},
      { challengeScope: "mcp:read", scopes: ["mcp:read", "mcp:write"] },
    )
    const { mcpServer, server } = there
    const { origin } = new URL(mcpServer.url)
    expect(mcpServer.resourceMetadataUrl).toBe(`${origin}/.well-known/oauth-protected-resource/mcp`)
    const answer = await initialized(mcpServer.url)
    expect(answer.status).toBe(401)
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer scope="mcp:read", resource_metadata="${mcpServer.resourceMetadataUrl}"`,
    )
    const metadata = await fetch(mcpServer.resourceMetadataUrl)
    expect(await metadata.json()).toEqual({
      resource: mcpServer.url,
      authorization_servers: [server.issuer],
      bearer_methods_supported: ["header"],
      scopes_supported: ["mcp:read", "mcp:write"],
    })
    const wrong = await initialized(mcpServer.url, "no-such-token")
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get("www-authenticate")).toContain('error="invalid_token"')
    expect(mcpServer.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
      "Bearer no-such-token",
    ])
    expect((await fetch(`${origin}/.well-known/oauth-protected-resource`)).status).toBe(404)
  })

  it("refuses all tokens that were given until then, and takes new ones", async () => {
    await using there = await bothServers()
    const { mcpServer, server } = there
    const alice = await signedIn(mcpServer.url, { scope: "mcp:read offline_access" })
    const bob = await signedIn(mcpServer.url, { user: "bob" })
    mcpServer.revokeAll()
    expect(await statusWith(mcpServer.url, alice.current?.access_token)).toBe(401)
    expect(await statusWith(mcpServer.url, bob.current?.access_token)).toBe(401)
    const { body } = await refreshed(server.issuer, alice, alice.current?.refresh_token)
    expect(await statusWith(mcpServer.url, body["access_token"])).toBe(200)
  })

  it("demands a scope for one tool", async () => {
    await using there = await bothServers({}, { toolScopes: { add: "mcp:write" } })
    const { mcpServer } = there
    const call = { name: "add", arguments: { a: 1, b: 2 } }
    const reader = await signedIn(mcpServer.url, { scope: "mcp:read" })
    await using reading = await clientWith(mcpServer.url, reader.current?.access_token)
    expect(await reading.callTool({ name: "whoami" })).toMatchObject(text("alice"))
    await expect(reading.callTool(call)).rejects.toThrow("mcp:write")
    const answer = await fetch(mcpServer.url, {
      method: "POST",
      headers: { authorization: `Bearer ${reader.current?.access_token ?? ""}` },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: call }),
    })
    expect(answer.status).toBe(403)
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer error="insufficient_scope", scope="mcp:write", resource_metadata="${mcpServer.resourceMetadataUrl}"`,
    )
    const writer = await signedIn(mcpServer.url, { scope: "mcp:write" })
    await using writing = await clientWith(mcpServer.url, writer.current?.access_token)
    expect(await writing.callTool(call)).toMatchObject({ structuredContent: { sum: 3 } })
  })

  it("keeps what it was given: tools, name and an intercept that comes first", async () => {
    await using there = await bothServers(
      {},
      {
        name: "given",
        tools: [],
        intercept: ({ url }) => (url.endsWith("/health") ? new Response("fine") : undefined),
      },
    )
    const { mcpServer } = there
    expect(await (await fetch(new URL("/health", mcpServer.url))).text()).toBe("fine")
    const { current } = await signedIn(mcpServer.url)
    await using client = await clientWith(mcpServer.url, current?.access_token)
    expect(client.getServerVersion()).toMatchObject({ name: "given" })
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["whoami"])
  })
})

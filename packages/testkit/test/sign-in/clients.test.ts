import { expect, test, vi } from "vitest"
import type { TestClient } from "../../src/oauth/AuthorizationServerOptions.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { revocations, startAll, tokenRequests } from "./startAll.ts"
import { listenForHost } from "./startSignInHost.ts"

// With what is lost where it is not form-encoded for HTTP Basic (RFC 6749, section 2.3.1).
const clientId = "mooring client/1:+"
const secret = "a client's secret: +/=%"
const formEncoded = (text: string) => new URLSearchParams({ x: text }).toString().slice(2)

test.each([
  ["client_secret_basic", secret],
  ["public", undefined],
] as const)(
  "a client that was registered beforehand (%s) is used, and none is registered",
  async (kind, clientSecret) => {
    await using listening = await listenForHost()
    const client: TestClient = {
      clientId,
      redirectUris: [`${listening.origin}/v1/tools/mcp/oauth/callback`],
      ...(clientSecret === undefined ? {} : { clientSecret }),
      ...(kind === "public" ? {} : { authMethod: kind }),
    }
    await using servers = await bothServers({ clients: [client], dynamicRegistration: false })
    const { mcpServer, server } = servers
    await using host = await listening.start({
      oauth: {
        clients: [
          { issuer: "https://another.example", clientId: "another" },
          { issuer: server.issuer, clientId, ...(clientSecret === undefined ? {} : { clientSecret }) },
        ],
      },
    })
    const alice = host.as("alice")
    const id = await alice.createServer(mcpServer.url)
    const stream = await alice.signInTo(id)
    expect(await stream.last()).toMatchObject({ event: "success" })
    expect(new URL(await stream.authorizationUrl()).searchParams.get("client_id")).toBe(clientId)
    // It is the same one that renews and revokes.
    mcpServer.revokeAll()
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    expect(tokenRequests(server, "refresh_token")).toHaveLength(1)
    // The secret goes by HTTP Basic, and not into a body.
    const sent = server.requests.filter(({ path }) => path === "/token")
    const basic =
      clientSecret === undefined
        ? undefined
        : `Basic ${btoa([clientId, clientSecret].map(formEncoded).join(":"))}`
    expect(sent.map(({ headers }) => headers["authorization"])).toStrictEqual(sent.map(() => basic))
    expect(sent.filter(({ body }) => body.includes(secret))).toStrictEqual([])
    await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)
    await vi.waitFor(() => expect(revocations(server)).toHaveLength(1), { timeout: 10_000, interval: 10 })
    expect(server.refusals).toStrictEqual([])
    expect(server.requests.filter(({ path }) => path === "/register")).toStrictEqual([])
  },
)

test("without registration and without such a client: an error that says what the host has to do", async () => {
  await using there = await startAll({ dynamicRegistration: false })
  const alice = there.host.as("alice")
  const stream = await alice.connect(await alice.createServer(there.mcpServer.url))
  expect(await stream.last()).toMatchObject({
    event: "error",
    code: "registration_failed",
    message: expect.stringContaining("oauth.clients"),
  })
})

test("custom headers are for the MCP server, and never reach the authorization server", async () => {
  await using there = await startAll()
  const { mcpServer, server } = there
  const alice = there.host.as("alice")
  const id = await alice.createServer(mcpServer.url, { custom_headers: { "X-Canary": "canary-of-header" } })
  await alice.signInTo(id)
  mcpServer.revokeAll()
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)
  await vi.waitFor(() => expect(revocations(server)).toHaveLength(1), { timeout: 10_000, interval: 10 })
  expect(mcpServer.requests.some(({ headers }) => headers["x-canary"] === "canary-of-header")).toBe(true)
  expect(JSON.stringify(server.requests)).not.toMatch(/x-canary|canary-of-header/i)
  // Nor does the token of the one reach the other.
  const bearers = server.requests.filter(({ headers }) => headers["authorization"]?.startsWith("Bearer"))
  expect(bearers).toStrictEqual([])
})

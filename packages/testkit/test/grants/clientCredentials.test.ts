import { expect, test, vi } from "vitest"
import { clockAhead } from "../sign-in/clockAhead.ts"
import type { SignInUser } from "../sign-in/SignInUser.ts"
import { basic, clientId, machineOAuth } from "./machine.ts"
import { startGrants, tokenRequests } from "./startGrants.ts"

const ok = { status: 200, body: { status: "success", func_return: clientId } }
const parallel = 20

const whoamiOf = async (user: SignInUser, id: string): Promise<string> => {
  const tool = (await user.tools(id)).find(({ name }) => name === "whoami")
  if (tool === undefined) throw new Error("The server's tools are not known")
  return tool.id
}

const manyRuns = async (user: SignInUser, id: string, tool: string) => {
  const answers = await Promise.all(Array.from({ length: parallel }, () => user.runWhoami(id, tool)))
  return answers.map(({ body }) => body)
}
const allOk = Array.from({ length: parallel }, () => expect.objectContaining(ok.body))

test("a server with client credentials is listed, run and connected to, and nobody has to sign in", async () => {
  await using there = await startGrants()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const oauth = { ...machineOAuth(server.issuer), scopes: ["mcp:read"] }
  const id = await alice.createServer(mcpServer.url, { oauth })
  expect(await alice.whoami(id)).toMatchObject(ok)
  // Whoever of the organization asks: it is the machine that speaks.
  expect(await host.as("bob").whoami(id)).toMatchObject(ok)
  expect(await (await alice.connect(id)).names()).toStrictEqual(["connection_attempt", "success"])

  const [first, ...more] = tokenRequests(server)
  expect(more).toStrictEqual([])
  expect(first?.form).toStrictEqual({
    grant_type: "client_credentials",
    resource: mcpServer.url,
    scope: "mcp:read",
  })
  expect(first?.headers["authorization"]).toBe(basic)
  expect(server.refusals).toStrictEqual([])
})

test("a config that is not registered can bring them as well", async () => {
  await using there = await startGrants()
  const stream = await there.host.as("alice").connectFlat({
    server_name: "flat",
    type: "streamable_http",
    server_url: there.mcpServer.url,
    oauth: machineOAuth(there.server.issuer),
  })
  expect(await stream.names()).toStrictEqual(["connection_attempt", "success"])
})

test("each organization gets a token of its own, by what it has set itself", async () => {
  await using there = await startGrants()
  const { host, mcpServer, server } = there
  const one = host.as("alice")
  const two = host.as("alice", "two")
  const id = await one.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const idElsewhere = await two.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  expect(await one.whoami(id)).toMatchObject(ok)
  expect(await two.whoami(idElsewhere)).toMatchObject(ok)
  expect(tokenRequests(server)).toHaveLength(2)
  expect(await two.request("GET", `/v1/mcp-servers/${id}`)).toMatchObject({ status: 404 })

  // The same URL without them: somebody has to sign in, with nothing of what others have set.
  const three = host.as("alice", "three")
  const without = await three.createServer(mcpServer.url)
  const stream = await three.connect(without)
  expect(await stream.authorizationUrl()).not.toContain(encodeURIComponent(clientId))
  stream.leave()
  expect(tokenRequests(server)).toHaveLength(2)
})

test("of many first runs at once, one asks for a token", async () => {
  let asked = 0
  let isHeld = false
  const allAsked = Promise.withResolvers<void>()
  await using there = await startGrants(
    () => ({
      limits: { sessionIdleMs: 20 },
      actor: () => {
        asked += 1
        if (isHeld && asked === parallel) allAsked.resolve()
        return { organizationId: "one", userId: "alice" }
      },
    }),
    {
      // As long as the token is awaited, no run can be over and its session closed.
      intercept: async ({ path }) => {
        if (isHeld && path === "/token") await allAsked.promise
        return undefined
      },
    },
  )
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const tool = await whoamiOf(alice, id)
  // The session that listed the tools is closed.
  await vi.waitFor(() => expect(mcpServer.requests.some(({ method }) => method === "DELETE")).toBe(true), {
    timeout: 10_000,
    interval: 10,
  })
  expect(tokenRequests(server)).toHaveLength(1)

  asked = 0
  isHeld = true
  expect(await manyRuns(alice, id, tool)).toStrictEqual(allOk)
  expect(tokenRequests(server)).toHaveLength(2)
})

test("a token that is refused is replaced once for many runs, time and again", async () => {
  await using there = await startGrants()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const tool = await whoamiOf(alice, id)
  for (const times of [2, 3, 4]) {
    mcpServer.revokeAll()
    expect(await manyRuns(alice, id, tool)).toStrictEqual(allOk)
    expect(tokenRequests(server)).toHaveLength(times)
  }
  expect(server.refusals).toStrictEqual([])
})

test("a token that is about to expire is replaced ahead, once for many runs", async () => {
  using clock = clockAhead()
  await using there = await startGrants(undefined, { accessTokenSeconds: 600 })
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const tool = await whoamiOf(alice, id)
  const before = mcpServer.requests.length
  const old = mcpServer.requests.at(-1)?.headers.authorization
  expect(old).toMatch(/^Bearer /)

  clock.move(590_000)
  expect(await manyRuns(alice, id, tool)).toStrictEqual(allOk)
  expect(tokenRequests(server)).toHaveLength(2)
  const sent = mcpServer.requests.slice(before).map(({ headers }) => headers.authorization)
  expect(sent.filter((token) => token === old)).toStrictEqual([])
})

test("a token that is about to expire is used to its end where the authorization server has a fault", async () => {
  using clock = clockAhead()
  let isDown = false
  await using there = await startGrants(undefined, {
    accessTokenSeconds: 600,
    intercept: ({ path }) =>
      isDown && path === "/token" ? new Response("oops", { status: 503 }) : undefined,
  })
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const tool = await whoamiOf(alice, id)
  clock.move(590_000)
  isDown = true
  expect(await alice.runWhoami(id, tool)).toMatchObject(ok)
  expect(tokenRequests(server).length).toBeGreaterThan(1)
  // Past its end the fault is told, and passes.
  clock.move(20_000)
  expect((await alice.runWhoami(id, tool)).text).toMatch(/authorization server .* could not be reached/)
  isDown = false
  expect(await alice.runWhoami(id, tool)).toMatchObject(ok)
})

test("an MCP server that is never content is given up, and nobody is asked to sign in", async () => {
  let isContent = true
  await using there = await startGrants(
    undefined,
    {},
    { now: () => (isContent ? Date.now() : Number.POSITIVE_INFINITY) },
  )
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const tool = await whoamiOf(alice, id)
  isContent = false

  const asked = tokenRequests(server).length
  expect(await alice.runWhoami(id, tool)).toMatchObject({ status: 200, body: { status: "error" } })
  // The session was given up. The next one is refused before a tool is called.
  const refused = await alice.runWhoami(id, tool)
  expect(refused).toMatchObject({
    status: 403,
    body: {
      error: { type: "authorization_required" },
      message: expect.stringMatching(/refused the token .* oauth settings/),
    },
  })
  const stream = await alice.connect(id)
  expect(await stream.names()).toStrictEqual(["connection_attempt", "error"])
  expect(await stream.last()).toMatchObject({ code: "authorization_required" })
  // A few for each attempt; without an end there would be thousands.
  expect(tokenRequests(server).length - asked).toBeLessThanOrEqual(12)
  expect(mcpServer.requests.filter(({ rpcMethod }) => rpcMethod === "tools/call").length).toBeLessThan(4)

  isContent = true
  expect(await alice.runWhoami(id, tool)).toMatchObject(ok)
})

test("a secret that the authorization server does not take is a clear error, and sends nobody to sign in", async () => {
  await using there = await startGrants()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const oauth = { ...machineOAuth(server.issuer), client_secret: "wrong" }
  const id = await alice.createServer(mcpServer.url, { oauth })
  // The clients repeat what is answered with 5xx, unless they are told not to.
  const refresh = await fetch(`${host.origin}/v1/mcp-servers/${id}/refresh`, {
    method: "PATCH",
    headers: alice.headers,
  })
  expect([refresh.status, refresh.headers.get("x-should-retry")]).toStrictEqual([502, "false"])
  await refresh.body?.cancel()
  const stream = await alice.connect(id)
  expect(await stream.names()).toStrictEqual(["connection_attempt", "error"])
  expect(await stream.last()).toMatchObject({
    code: "token_refused",
    message: expect.stringMatching(/Check the client/),
  })
  // The right one in its place is used at once.
  const config = { oauth: { client_secret: machineOAuth("").client_secret } }
  expect(await alice.request("PATCH", `/v1/mcp-servers/${id}`, { config })).toMatchObject({ status: 200 })
  expect(await (await alice.connect(id)).names()).toStrictEqual(["connection_attempt", "success"])
  expect(await alice.whoami(id)).toMatchObject(ok)
})

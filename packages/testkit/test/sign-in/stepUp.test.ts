import { expect, test } from "vitest"
import { signIn } from "../../src/oauth/signIn.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { machine, machineOAuth } from "../grants/machine.ts"
import type { SignInUser } from "./SignInUser.ts"
import { startSignInHost } from "./startSignInHost.ts"
import { tokenRequests, withHost } from "./startAll.ts"

/** An MCP server of which reading is granted at first, and whose tools need more. */
const start = async () => {
  const servers = await bothServers(
    { scopes: ["mcp:read", "mcp:write", "mcp:admin"], clients: [machine] },
    { challengeScope: "mcp:read", toolScopes: { whoami: "mcp:write", add: "mcp:admin" } },
  )
  return withHost(servers)
}

/** Alice, who has registered the server and signed in to it. */
const aliceSignedIn = async ({ host, mcpServer }: Awaited<ReturnType<typeof start>>) => {
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  await alice.signInTo(id)
  return { alice, id }
}

const run = async (user: SignInUser, id: string, name: string, args: object = {}) => {
  const tool = (await user.tools(id)).find((tool) => tool.name === name)
  return user.request("POST", `/v1/mcp-servers/${id}/tools/${tool?.id}/run`, { args })
}

const scopesAsked = (url: string) => (new URL(url).searchParams.get("scope") ?? "").split(" ").toSorted()

const needsMore = { status: 403, body: { error: { type: "authorization_required" } } }
const lists = ["connection_attempt", "success"]
const asks = ["connection_attempt", "oauth_required", "authorization_url", "waiting_for_auth", "success"]

test("a tool that needs more than was granted has the next connect ask for both together", async () => {
  await using there = await start()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  const first = await alice.signInTo(id)
  expect(scopesAsked(await first.authorizationUrl())).toStrictEqual(["mcp:read", "offline_access"])
  expect(await run(alice, id, "echo", { text: "hello" })).toMatchObject({ body: { status: "success" } })

  expect(await alice.whoami(id)).toMatchObject({
    status: 403,
    body: {
      error: { type: "authorization_required" },
      message: expect.stringMatching(/Connect to it, and follow the authorization_url/),
    },
  })
  expect(mcpServer.calls.map(({ name }) => name)).not.toContain("whoami")
  // What was granted goes on meanwhile.
  expect(await run(alice, id, "echo", { text: "hello" })).toMatchObject({ body: { status: "success" } })

  const more = await alice.signInTo(id)
  expect(await more.names()).toStrictEqual(asks)
  expect(scopesAsked(await more.authorizationUrl())).toStrictEqual([
    "mcp:read",
    "mcp:write",
    "offline_access",
  ])
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(await run(alice, id, "echo", { text: "hello" })).toMatchObject({ body: { status: "success" } })

  // Once more, and nothing of before is lost.
  expect(await run(alice, id, "add", { a: 1, b: 2 })).toMatchObject(needsMore)
  const most = await alice.signInTo(id)
  expect(scopesAsked(await most.authorizationUrl())).toStrictEqual([
    "mcp:admin",
    "mcp:read",
    "mcp:write",
    "offline_access",
  ])
  expect(await run(alice, id, "add", { a: 1, b: 2 })).toMatchObject({ body: { status: "success" } })
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)
  expect(server.refusals).toStrictEqual([])
})

test("what several tools need is asked for once, together", async () => {
  await using there = await start()
  const { alice, id } = await aliceSignedIn(there)
  expect(await alice.whoami(id)).toMatchObject(needsMore)
  expect(await run(alice, id, "add", { a: 1, b: 2 })).toMatchObject(needsMore)
  expect(await alice.whoami(id)).toMatchObject(needsMore)
  const more = await alice.signInTo(id)
  expect(scopesAsked(await more.authorizationUrl())).toStrictEqual([
    "mcp:admin",
    "mcp:read",
    "mcp:write",
    "offline_access",
  ])
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(await run(alice, id, "add", { a: 1, b: 2 })).toMatchObject({ body: { status: "success" } })
})

test("who declines goes on with what was granted before, and is not asked again until it is needed", async () => {
  await using there = await start()
  const { alice, id } = await aliceSignedIn(there)
  expect(await alice.whoami(id)).toMatchObject(needsMore)

  const declined = await alice.connect(id)
  const callback = await signIn(await declined.authorizationUrl(), { allow: false })
  await fetch(callback)
  expect(await declined.last()).toMatchObject({ event: "error", code: "access_denied" })

  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)
  expect(await run(alice, id, "echo", { text: "hello" })).toMatchObject({ body: { status: "success" } })
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)

  expect(await alice.whoami(id)).toMatchObject(needsMore)
  expect(await (await alice.signInTo(id)).names()).toStrictEqual(asks)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
})

test("who goes away instead of deciding is not asked again either", async () => {
  await using there = await start()
  const { alice, id } = await aliceSignedIn(there)
  expect(await alice.whoami(id)).toMatchObject(needsMore)
  const left = await alice.connect(id)
  await left.until("waiting_for_auth")
  left.leave()
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)
})

test("nobody else is asked: neither other users, nor the same one elsewhere", async () => {
  await using there = await start()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const bob = host.as("bob")
  const elsewhere = host.as("alice", "two")
  const id = await alice.createServer(mcpServer.url)
  const idElsewhere = await elsewhere.createServer(mcpServer.url)
  const other = await bothServers({}, {})
  try {
    await alice.signInTo(id)
    await bob.signInTo(id)
    await elsewhere.signInTo(idElsewhere)
    const idOfOther = await alice.createServer(other.mcpServer.url, {}, "other")
    await alice.signInTo(idOfOther)

    expect(await alice.whoami(id)).toMatchObject(needsMore)
    expect(await (await bob.connect(id)).names()).toStrictEqual(lists)
    expect(await (await elsewhere.connect(idElsewhere)).names()).toStrictEqual(lists)
    expect(await (await alice.connect(idOfOther)).names()).toStrictEqual(lists)
    // It was not forgotten thereby.
    expect(await (await alice.signInTo(id)).names()).toStrictEqual(asks)
    expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    expect(await bob.whoami(id)).toMatchObject(needsMore)
    expect(server.refusals).toStrictEqual([])
  } finally {
    await other[Symbol.asyncDispose]()
  }
})

test("a renewal does not lose what is wanted", async () => {
  await using there = await start()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  await alice.signInTo(id)
  expect(await alice.whoami(id)).toMatchObject(needsMore)
  mcpServer.revokeAll()
  expect(await run(alice, id, "echo", { text: "hello" })).toMatchObject({ body: { status: "success" } })
  expect(tokenRequests(server, "refresh_token")).toHaveLength(1)
  const more = await alice.signInTo(id)
  expect(scopesAsked(await more.authorizationUrl())).toContain("mcp:write")
})

test("signing out forgets what was wanted", async () => {
  await using there = await start()
  const { alice, id } = await aliceSignedIn(there)
  expect(await alice.whoami(id)).toMatchObject(needsMore)
  await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)
  const again = await alice.signInTo(id)
  expect(scopesAsked(await again.authorizationUrl())).toStrictEqual(["mcp:read", "offline_access"])
})

test("a client that needs no user is told what its settings lack, and nobody is asked to sign in", async () => {
  await using there = await start()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const oauth = { ...machineOAuth(server.issuer), scopes: ["mcp:read"] }
  const id = await alice.createServer(mcpServer.url, { oauth })
  const answer = await alice.whoami(id)
  expect(answer).toMatchObject({ status: 200, body: { status: "error" } })
  expect(answer.text).toMatch(/fewer permissions \(scopes\)/)
  expect(answer.text).not.toMatch(/you are signed in/)
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)
})

test("an MCP server that always wants more has its user sent away three times at most", async () => {
  const servers = await bothServers(
    {},
    {
      intercept: (request) =>
        request.method === "POST" && request.headers.has("authorization")
          ? new Response(null, {
              status: 403,
              headers: { "www-authenticate": 'Bearer error="insufficient_scope", scope="mcp:write"' },
            })
          : undefined,
    },
  )
  await using host = await startSignInHost()
  const alice = host.as("alice")
  const stream = await alice.connect(await alice.createServer(servers.mcpServer.url))
  const seen = new Set<string>()
  for (let count = 0; count < 3; count++) {
    await expect
      .poll(() => stream.events.filter(({ event }) => event === "waiting_for_auth").length)
      .toBe(count + 1)
    const url = stream.events.findLast(({ event }) => event === "authorization_url")?.url ?? ""
    seen.add(url)
    await (await fetch(await signIn(url))).text()
  }
  expect(await stream.last()).toMatchObject({ event: "error", code: "authorization_required" })
  expect(seen.size).toBe(3)
  await servers[Symbol.asyncDispose]()
})

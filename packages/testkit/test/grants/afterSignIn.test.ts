import { expect, test } from "vitest"
import { clientId, machineOAuth } from "./machine.ts"
import { startGrants, tokenRequests } from "./startGrants.ts"

test("who signed in before the server had a client of its own is not sent to sign in for its faults", async () => {
  let isDown = false
  await using there = await startGrants(undefined, {
    intercept: ({ path }) => (isDown && path === "/token" ? new Response(null, { status: 503 }) : undefined),
  })
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  await alice.signInTo(id)
  isDown = true
  const config = { oauth: machineOAuth(server.issuer) }
  expect(await alice.request("PATCH", `/v1/mcp-servers/${id}`, { config })).toMatchObject({ status: 200 })
  const stream = await alice.connect(id)
  expect(await stream.names()).toStrictEqual(["connection_attempt", "error"])
  expect(await stream.last()).toMatchObject({ code: "authorization_server_unreachable" })
  isDown = false
  expect(await (await alice.connect(id)).names()).toStrictEqual(["connection_attempt", "success"])
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: clientId } })
})

test("what a user lacked before does not matter any more", async () => {
  await using there = await startGrants(
    undefined,
    { scopes: ["mcp:read", "mcp:write"] },
    { challengeScope: "mcp:read", toolScopes: { whoami: "mcp:write" } },
  )
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  await alice.signInTo(id)
  expect(await alice.whoami(id)).toMatchObject({ status: 403 })
  const config = { oauth: { ...machineOAuth(server.issuer), scopes: ["mcp:read", "mcp:write"] } }
  expect(await alice.request("PATCH", `/v1/mcp-servers/${id}`, { config })).toMatchObject({ status: 200 })
  expect(await (await alice.connect(id)).names()).toStrictEqual(["connection_attempt", "success"])
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: clientId } })
})

test.each([
  ["a token", { auth_token: "Bearer wrong" }],
  ["a header", { custom_headers: { AUTHORIZATION: "Bearer wrong" } }],
])(
  "a config with %s of its own that is refused sends nobody to sign in: it would change nothing",
  async (_name, own) => {
    await using there = await startGrants()
    const { host, mcpServer, server } = there
    const alice = host.as("alice")
    const id = await alice.createServer(mcpServer.url, own)
    const stream = await alice.connect(id)
    expect(await stream.names()).toStrictEqual(["connection_attempt", "error"])
    expect(await stream.last()).toMatchObject({
      code: "authorization_required",
      message: expect.stringMatching(/refused the token/),
    })
    expect(tokenRequests(server)).toStrictEqual([])
  },
)

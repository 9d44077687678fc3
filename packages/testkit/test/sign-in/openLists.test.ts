import { expect, test } from "vitest"
import { signIn } from "../../src/oauth/signIn.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { tokenRequests, withHost } from "./startAll.ts"

/** An MCP server that lets everybody list its tools, and nobody call one without a token. */
const start = async () => {
  let challenge: (standard: string) => string | undefined = (standard) => standard
  const servers = await bothServers({}, { listsOpenly: true, challenge: (standard) => challenge(standard) })
  const there = await withHost(servers)
  return { ...there, challengeWith: (change: typeof challenge) => (challenge = change) }
}

const needsSignIn = {
  status: 403,
  body: {
    error: { type: "authorization_required" },
    message: expect.stringMatching(/Connect to it, and follow the authorization_url/),
  },
}
const lists = ["connection_attempt", "success"]
const asks = ["connection_attempt", "oauth_required", "authorization_url", "waiting_for_auth", "success"]

test("a server that wants a token for calls alone: the connect after a refused run begins with the sign-in", async () => {
  await using there = await start()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)

  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  expect(mcpServer.calls).toStrictEqual([])
  expect(await (await alice.signInTo(id)).names()).toStrictEqual(asks)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  // It is done with.
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)
  expect(tokenRequests(server, "authorization_code")).toHaveLength(1)
  expect(server.refusals).toStrictEqual([])
})

test("who goes away instead of deciding is asked again, and who declines is not, until a run needs it", async () => {
  await using there = await start()
  const alice = there.host.as("alice")
  const id = await alice.createServer(there.mcpServer.url)
  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  const left = await alice.connect(id)
  await left.until("waiting_for_auth")
  left.leave()

  const declined = await alice.connect(id)
  await fetch(await signIn(await declined.authorizationUrl(), { allow: false }))
  expect(await declined.last()).toMatchObject({ event: "error", code: "access_denied" })
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)

  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  expect(await (await alice.signInTo(id)).names()).toStrictEqual(asks)
})

test("nobody else is asked, and what was wanted goes with a sign-out and with the server", async () => {
  await using there = await start()
  const { host, mcpServer } = there
  const alice = host.as("alice")
  const bob = host.as("bob")
  const elsewhere = host.as("alice", "two")
  const id = await alice.createServer(mcpServer.url)
  const idElsewhere = await elsewhere.createServer(mcpServer.url)
  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  expect(await (await bob.connect(id)).names()).toStrictEqual(lists)
  expect(await (await elsewhere.connect(idElsewhere)).names()).toStrictEqual(lists)

  await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)
  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  await alice.request("DELETE", `/v1/mcp-servers/${id}`)
  const again = await alice.createServer(mcpServer.url)
  expect(await (await alice.connect(again)).names()).toStrictEqual(lists)
})

test("a token that was refused for good is wanted anew, though the tools are still listed without", async () => {
  await using there = await start()
  const alice = there.host.as("alice")
  const id = await alice.createServer(there.mcpServer.url)
  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  await alice.signInTo(id)
  // Whoever gave the tokens knows none of them any more.
  const [exchange] = tokenRequests(there.server, "authorization_code")
  const replayed = await fetch(`${there.server.issuer}/token`, {
    method: "POST",
    body: new URLSearchParams(exchange?.form),
  })
  expect(replayed.status).toBe(400)
  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  expect(await (await alice.signInTo(id)).names()).toStrictEqual(asks)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
})

test("a server whose challenge leads nowhere spoils one connect, and is listed by the next", async () => {
  await using there = await start()
  const alice = there.host.as("alice")
  const id = await alice.createServer(there.mcpServer.url)
  const { origin } = new URL(there.mcpServer.url)
  there.challengeWith(() => `Bearer resource_metadata="${origin}/${"x".repeat(3_000)}", scope="a b"`)
  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  // Too long to be kept: the metadata are looked for where they belong.
  expect(new URL(await (await alice.connect(id)).authorizationUrl()).searchParams.get("scope")).toMatch(
    /^a b\b/,
  )

  there.challengeWith(() => 'Bearer resource_metadata="http://10.0.0.1/metadata"')
  expect(await alice.whoami(id)).toMatchObject(needsSignIn)
  expect(await (await alice.connect(id)).last()).toMatchObject({ event: "error", code: "network_forbidden" })
  expect(await (await alice.connect(id)).names()).toStrictEqual(lists)
})

import { afterEach, expect, test } from "vitest"
import { inspect } from "node:util"
import { signIn } from "../../src/oauth/signIn.ts"
import { protectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"
import { recordLogs } from "../hostile-oauth/recordLogs.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { tokenRequests as tokenRequestsFor } from "../sign-in/startAll.ts"
import { listenForHost } from "../sign-in/startSignInHost.ts"
import { basic, clientId, clientSecret, machine, machineOAuth } from "./machine.ts"
import { startGrants, tokenRequests } from "./startGrants.ts"

const opened: Array<AsyncDisposable> = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})
const start = async (...args: Parameters<typeof startGrants>) => {
  const there = await startGrants(...args)
  opened.push(there)
  return there
}

const ok = { status: 200, body: { func_return: clientId } }

test.each([false, true])(
  "a client's secret is in no answer, event or log (maskSecrets: %s)",
  async (maskSecrets) => {
    const logs = recordLogs()
    const seen: Array<string> = []
    try {
      const { host, mcpServer, server } = await start(() => ({ logLevel: "All", maskSecrets }))
      const alice = host.as("alice")
      const see = async (method: string, path: string, body?: unknown) => {
        const answer = await alice.request(method, path, body)
        seen.push(answer.text)
        return answer
      }
      const oauth = machineOAuth(server.issuer)
      const config = { mcp_server_type: "streamable_http", server_url: mcpServer.url, oauth }
      const created = await see("POST", "/v1/mcp-servers/", { server_name: "first", config })
      expect(created).toMatchObject({ status: 200 })
      const shown = { client_id: clientId, grant_type: "client_credentials", scopes: null }
      expect(created.body).toMatchObject({ oauth: shown })
      const id = await alice.createServer(mcpServer.url, { oauth }, "second")
      const path = `/v1/mcp-servers/${id}`
      seen.push((await alice.whoami(id)).text)
      await see("PATCH", `${path}/refresh`)
      await see("PATCH", path, { config: { oauth: shown } })
      // Whatever is wrong with it, it is not repeated.
      await see("POST", "/v1/mcp-servers/", { server_name: "first", config })
      await see("POST", "/v1/mcp-servers/", {
        server_name: "x",
        config: { ...config, oauth: { ...oauth, issuer: 1 } },
      })
      await see("POST", "/v1/mcp-servers/", {
        server_name: "x",
        config: { ...config, oauth: { client_secret: clientSecret } },
      })
      await see("PATCH", path, { config: { oauth: { client_secret: [clientSecret] } } })
      await see("PATCH", path, { config: { oauth: { client_secret: clientSecret, issuer: null } } })
      await see("PATCH", path, { config: { oauth: { ...oauth, scopes: [`a ${clientSecret}`] } } })
      await see("GET", path)
      await see("GET", "/v1/mcp-servers/")
      await see("GET", "/v1/tools/mcp/servers")
      await see("GET", "/openapi.json")
      const stream = await alice.connect(id)
      await stream.last()
      seen.push(stream.text)
      const actor = { organizationId: "one", userId: "alice" }
      const record = await host.mooring.servers.get(actor, id)
      seen.push(inspect(record, { depth: 20 }), JSON.stringify(record), String(record))
      // A wrong one, which the authorization server refuses.
      await see("PATCH", path, { config: { oauth: { client_secret: "another canary" } } })
      await see("PATCH", `${path}/refresh`)
    } finally {
      logs.stop()
    }
    const said = [...seen, ...logs.lines].join("\n")
    expect(said).toContain(clientId)
    expect(said).not.toContain(basic.slice("Basic ".length))
    expect(said).not.toContain("canary")
  },
)

test("what is shown can be handed back: the secret and the issuer stay", async () => {
  const { host, mcpServer, server } = await start()
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const path = `/v1/mcp-servers/${id}`
  const { body } = await alice.request("GET", path)
  const patched = await alice.request("PATCH", path, { config: body })
  expect(patched).toStrictEqual({ ...patched, status: 200, body })
  // Fewer scopes alone as well.
  const config = { oauth: { scopes: ["mcp:read"] } }
  expect(await alice.request("PATCH", path, { config })).toMatchObject({
    status: 200,
    body: { oauth: { client_id: clientId, grant_type: "client_credentials", scopes: ["mcp:read"] } },
  })
  expect(await (await alice.connect(id)).last()).toMatchObject({ event: "success" })
  expect(await alice.whoami(id)).toMatchObject(ok)
  expect(tokenRequests(server).at(-1)?.form).toMatchObject({ scope: "mcp:read" })
})

test("whoever can edit a server can't have its secret used elsewhere", async () => {
  const { host, mcpServer, server } = await start()
  const evil = await protectedMcpServer({ authorizationServer: server })
  opened.push(evil)
  const alice = host.as("alice")
  const mallory = host.as("mallory")
  const id = await alice.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const path = `/v1/mcp-servers/${id}`
  const asked = tokenRequests(server).length
  const moves = [
    { server_url: evil.url },
    { server_url: evil.url, oauth: { client_id: clientId } },
    { server_url: evil.url, oauth: { client_id: clientId, grant_type: "client_credentials", scopes: null } },
    { oauth: { issuer: evil.url } },
    { oauth: { issuer: null } },
    { oauth: { client_id: "another" } },
  ]
  for (const config of moves) {
    expect(await mallory.request("PATCH", path, { config })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: expect.arrayContaining(["client_secret"]) }] },
    })
  }
  // A config of another kind, or without `oauth`, takes nothing over.
  const others = [
    { mcp_server_type: "sse", server_url: evil.url },
    { mcp_server_type: "streamable_http", server_url: evil.url, oauth: null },
  ]
  for (const config of others) {
    expect(await mallory.request("PATCH", path, { config })).toMatchObject({ status: 200 })
    expect((await mallory.request("GET", path)).body).not.toHaveProperty("oauth")
    const again = { mcp_server_type: "streamable_http", server_url: evil.url }
    await mallory.request("PATCH", path, {
      config: { ...again, oauth: { client_id: clientId, issuer: server.issuer } },
    })
    const stream = await mallory.connect(id)
    await Promise.race([stream.until("waiting_for_auth"), stream.until("error")])
    stream.leave()
    await mallory.request("PATCH", path, {
      config: { server_url: mcpServer.url, oauth: machineOAuth(server.issuer) },
    })
  }
  expect(evil.requests.filter(({ headers }) => headers.authorization !== undefined)).toStrictEqual([])
  // Given anew, it may move.
  const moved = { server_url: evil.url, oauth: { client_secret: clientSecret } }
  expect(await alice.request("PATCH", path, { config: moved })).toMatchObject({ status: 200 })
  await (await alice.connect(id)).last()
  expect(await alice.whoami(id)).toMatchObject(ok)
  expect(tokenRequests(server).length).toBeGreaterThan(asked)
})

test("null takes the secret away for good", async () => {
  const { host, mcpServer, server } = await start()
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url, { oauth: machineOAuth(server.issuer) })
  const path = `/v1/mcp-servers/${id}`
  expect(await alice.request("PATCH", path, { config: { oauth: null } })).toMatchObject({ status: 200 })
  expect(
    await alice.request("PATCH", path, {
      config: { oauth: { client_id: clientId, issuer: server.issuer, grant_type: "client_credentials" } },
    }),
  ).toMatchObject({ status: 422 })
  const asked = tokenRequests(server).length
  const stream = await alice.connect(id)
  await stream.until("waiting_for_auth")
  stream.leave()
  expect(tokenRequests(server)).toHaveLength(asked)
})

test("a client that users of one server sign in with is that server's alone", async () => {
  await using listening = await listenForHost()
  const redirectUris = [`${listening.origin}/v1/tools/mcp/oauth/callback`]
  await using servers = await bothServers({
    clients: [
      { clientId, clientSecret, redirectUris },
      { ...machine, clientId: "machine" },
    ],
  })
  const { mcpServer, server } = servers
  await using other = await protectedMcpServer({ authorizationServer: server })
  await using host = await listening.start()
  const alice = host.as("alice")
  const oauth = {
    client_id: clientId,
    client_secret: clientSecret,
    issuer: server.issuer,
    scopes: ["mcp:write"],
  }
  const id = await alice.createServer(mcpServer.url, { oauth })
  const stream = await alice.signInTo(id)
  expect(await stream.last()).toMatchObject({ event: "success" })
  const asked = new URL(await stream.authorizationUrl()).searchParams
  expect(asked.get("client_id")).toBe(clientId)
  expect(asked.get("scope")?.split(" ")).toContain("mcp:write")
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(
    tokenRequestsFor(server, "authorization_code").map(({ headers }) => headers["authorization"]),
  ).toStrictEqual([basic])
  // The renewal brings the same one.
  mcpServer.revokeAll()
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(
    tokenRequestsFor(server, "refresh_token").map(({ headers }) => headers["authorization"]),
  ).toStrictEqual([basic])
  // Another server of the same organization, and the same server of another one, are signed in to by other clients.
  const two = host.as("bob", "two")
  const streams = [
    await alice.connect(await alice.createServer(other.url, {}, "other")),
    await two.connect(await two.createServer(mcpServer.url)),
  ]
  for (const one of streams) {
    expect(new URL(await one.authorizationUrl()).searchParams.get("client_id")).not.toBe(clientId)
    one.leave()
  }
  expect(await signIn(await stream.authorizationUrl())).toBeInstanceOf(URL)
})

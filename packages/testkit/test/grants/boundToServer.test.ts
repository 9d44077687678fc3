import { afterEach, expect, test } from "vitest"
import { authorizationServer } from "../../src/oauth/authorizationServer.ts"
import { listenForOAuth } from "../../src/oauth/listenForOAuth.ts"
import { protectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"
import { legacyServer } from "../../src/mcp-servers/legacyServer.ts"
import { startSignInHost } from "../sign-in/startSignInHost.ts"
import { clientId, clientSecret, machine } from "./machine.ts"
import { tokenRequests } from "./startGrants.ts"

// A grant of the host is for one MCP server. Whoever registers another one gets nothing of it.

const opened: Array<AsyncDisposable> = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})
const opens = <A extends AsyncDisposable>(one: A): A => {
  opened.push(one)
  return one
}

const grantFor = (serverUrl: string, issuer: string) => ({
  oauth: { grants: [{ type: "client_credentials" as const, serverUrl, issuer, clientId, clientSecret }] },
})

/** The MCP server that the host has a grant for, and one of somebody else's that points to the same authorization server. */
const start = async (resourceMetadata?: Parameters<typeof protectedMcpServer>[0]["resourceMetadata"]) => {
  const server = opens(await authorizationServer({ clients: [machine] }))
  const granted = opens(
    await protectedMcpServer({
      authorizationServer: server,
      ...(resourceMetadata === undefined ? {} : { resourceMetadata }),
    }),
  )
  const host = opens(await startSignInHost(grantFor(granted.url, server.issuer)))
  return { server, granted, host, alice: host.as("alice") }
}

test("it counts for its URL, however that was written, in every organization", async () => {
  const { alice, granted, host, server } = await start()
  const id = await alice.createServer(`${granted.url.replace("http:", "HTTP:")}#fragment`)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: clientId } })
  const two = host.as("bob", "two")
  expect(await two.whoami(await two.createServer(granted.url))).toMatchObject({
    body: { func_return: clientId },
  })
  expect(tokenRequests(server)).toHaveLength(2)
})

test("a token that the config brings itself is used in its place", async () => {
  const { alice, granted, server } = await start()
  const id = await alice.createServer(granted.url, { auth_token: "Bearer mine" })
  expect(await (await alice.connect(id)).last()).toMatchObject({ code: "authorization_required" })
  expect(tokenRequests(server)).toStrictEqual([])
  expect(granted.requests.map(({ headers }) => headers.authorization)).toContain("Bearer mine")
})

test("another MCP server with the same authorization server gets nothing: its users have to sign in", async () => {
  const { alice, granted, server } = await start()
  const other = opens(await protectedMcpServer({ authorizationServer: server }))
  const { host } = new URL(granted.url)
  const urls = [
    other.url,
    // Beside the one of the grant, and what looks like it.
    `http://${host}/mcp/`,
    `http://${host}/mcp?tenant=mine`,
    `http://${host}/MCP`,
    `http://${host}/`,
    `http://localhost:${new URL(granted.url).port}/mcp`,
  ]
  for (const [index, url] of urls.entries()) {
    const id = await alice.createServer(url, {}, `other ${index}`)
    const stream = await alice.connect(id)
    await Promise.race([stream.until("waiting_for_auth"), stream.until("error")])
    stream.leave()
  }
  expect(tokenRequests(server)).toStrictEqual([])
  expect(other.requests.filter(({ headers }) => headers.authorization !== undefined)).toStrictEqual([])
})

test("an MCP server that says to be the one of the grant gets nothing", async () => {
  const { alice, granted, server } = await start()
  const liar = opens(
    await protectedMcpServer({
      authorizationServer: server,
      resourceMetadata: (document) => ({ ...document, resource: granted.url }),
    }),
  )
  const stream = await alice.connect(await alice.createServer(liar.url))
  expect(await stream.last()).toMatchObject({ event: "error", code: "resource_mismatch" })
  expect(tokenRequests(server)).toStrictEqual([])
})

test("an MCP server that redirects to the one of the grant gets nothing, nor does that one", async () => {
  const { alice, granted, server } = await start()
  const redirecting = await listenForOAuth(
    () => new Response(null, { status: 307, headers: { location: granted.url } }),
  )
  opens({ [Symbol.asyncDispose]: redirecting.close })
  const stream = await alice.connect(await alice.createServer(`${redirecting.origin}/mcp`))
  await Promise.race([stream.until("waiting_for_auth"), stream.until("error")])
  stream.leave()
  expect(redirecting.requests.length).toBeGreaterThan(0)
  expect(tokenRequests(server)).toStrictEqual([])
  const carried = [...granted.requests, ...redirecting.requests].filter(
    ({ headers }) => headers["authorization"] !== undefined,
  )
  expect(carried).toStrictEqual([])
})

test("where the one of the grant redirects elsewhere, its token does not go along", async () => {
  let target: string | undefined
  const elsewhere = opens(await legacyServer())
  const server = opens(await authorizationServer({ clients: [machine] }))
  const granted = opens(
    await protectedMcpServer({
      authorizationServer: server,
      intercept: (request) =>
        target !== undefined && request.headers.has("authorization")
          ? new Response(null, { status: 307, headers: { location: target } })
          : undefined,
    }),
  )
  const host = opens(await startSignInHost(grantFor(granted.url, server.issuer)))
  const alice = host.as("alice")
  target = elsewhere.url
  const stream = await alice.connect(await alice.createServer(granted.url))
  await stream.last()
  expect(tokenRequests(server).length).toBeGreaterThan(0)
  expect(elsewhere.requests.filter(({ headers }) => headers.authorization !== undefined)).toStrictEqual([])
})

test("metadata of the one of the grant that are for another resource get no token", async () => {
  for (const resource of ["https://other.example/mcp", "http://127.0.0.1:1/mcp"]) {
    const { alice, granted, server } = await start((document) => ({ ...document, resource }))
    const stream = await alice.connect(await alice.createServer(granted.url))
    expect(await stream.last()).toMatchObject({ event: "error", code: "resource_mismatch" })
    expect(tokenRequests(server)).toStrictEqual([])
    expect(granted.requests.filter(({ headers }) => headers.authorization !== undefined)).toStrictEqual([])
  }
})

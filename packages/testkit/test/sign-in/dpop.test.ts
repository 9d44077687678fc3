import { calculateJwkThumbprint, decodeProtectedHeader } from "jose"
import { expect, test } from "vitest"
import type { AuthorizationServerOptions } from "../../src/oauth/AuthorizationServerOptions.ts"
import type { ProtectedMcpServerOptions } from "../../src/oauth/ProtectedMcpServerOptions.ts"
import type { TestAuthorizationServer } from "../../src/oauth/authorizationServer.ts"
import { signIn } from "../../src/oauth/signIn.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { advertisedKeys } from "./advertisedKeys.ts"
import { startSignInHost } from "./startSignInHost.ts"
import { tokenRequests } from "./startAll.ts"

const ok = { status: 200, body: { status: "success", func_return: "alice" } }

/** A host that binds tokens to keys, before servers of these options. */
const start = async (
  options: AuthorizationServerOptions = { dpop: true },
  mcpOptions: Partial<ProtectedMcpServerOptions> = {},
  dpop = true,
) => {
  const servers = await bothServers(options, mcpOptions)
  const host = await startSignInHost({ oauth: { dpop } })
  const alice = host.as("alice")
  const id = await alice.createServer(servers.mcpServer.url)
  return {
    ...servers,
    alice,
    id,
    host,
    [Symbol.asyncDispose]: async () => {
      await host.close()
      await servers[Symbol.asyncDispose]()
    },
  }
}

const keyOf = async (proof: string | undefined) => {
  const { jwk } = decodeProtectedHeader(proof ?? "")
  if (jwk === undefined) throw new Error("The proof names no key")
  // The private part stays where it is.
  expect(jwk).not.toHaveProperty("d")
  return calculateJwkThumbprint(jwk)
}

const lastSent = ({ mcpServer }: Awaited<ReturnType<typeof start>>) => {
  const { authorization = "", dpop } = mcpServer.requests.findLast(
    ({ rpcMethod }) => rpcMethod === "tools/call",
  )?.headers ?? { authorization: "" }
  const [scheme, token = ""] = authorization.split(" ")
  return { scheme, token, proof: typeof dpop === "string" ? dpop : undefined }
}

const tokensOf = (server: TestAuthorizationServer) => server.requests.filter(({ path }) => path === "/token")

test("a token is bound to a key, and of no use to whoever has stolen it alone", async () => {
  await using there = await start()
  const { alice, id, mcpServer, server } = there
  expect(await (await alice.signInTo(id)).last()).toMatchObject({ event: "success" })
  expect(await alice.whoami(id)).toMatchObject(ok)

  const { proof, scheme, token } = lastSent(there)
  expect(scheme).toBe("DPoP")
  expect((await server.findAccessToken(token))?.keyThumbprint).toBe(await keyOf(proof))
  // Each request has a proof of its own.
  const proofs = mcpServer.requests.flatMap(({ headers }) => headers["dpop"] ?? [])
  expect(proofs.length).toBeGreaterThan(2)
  expect(new Set(proofs).size).toBe(proofs.length)

  const stolen = async (headers: Record<string, string>) =>
    (
      await fetch(mcpServer.url, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
      })
    ).status
  expect(await stolen({ authorization: `Bearer ${token}` })).toBe(401)
  expect(await stolen({ authorization: `DPoP ${token}` })).toBe(401)
  // Nor with a proof that was listened to, here or at the authorization server.
  expect(await stolen({ authorization: `DPoP ${token}`, dpop: proof ?? "" })).toBe(401)
  const [asked] = tokensOf(server)
  expect(await stolen({ authorization: `DPoP ${token}`, dpop: asked?.headers["dpop"] ?? "" })).toBe(401)
})

test("a renewal keeps the key, and a refresh token is of no use without it", async () => {
  await using there = await start()
  const { alice, id, mcpServer, server } = there
  await alice.signInTo(id)
  for (const times of [1, 2]) {
    mcpServer.revokeAll()
    expect(await alice.whoami(id)).toMatchObject(ok)
    expect(tokenRequests(server, "refresh_token")).toHaveLength(times)
  }
  const keys = await Promise.all(tokensOf(server).map(({ headers }) => keyOf(headers["dpop"])))
  expect(keys).toHaveLength(3)
  expect(new Set([...keys, await keyOf(lastSent(there).proof)]).size).toBe(1)
  expect(server.refusals).toStrictEqual([])

  // A public client's: only the key tells that it is us (RFC 9449, section 5).
  const used = tokenRequests(server, "refresh_token").at(-1)
  const refreshTokenOf = async (dpop: Record<string, string>) =>
    (
      await fetch(`${server.issuer}/token`, {
        method: "POST",
        headers: dpop,
        body: new URLSearchParams(used?.form),
      })
    ).status
  expect(await refreshTokenOf({})).toBe(400)
  expect(await refreshTokenOf({ dpop: used?.headers["dpop"] ?? "" })).toBe(400)
})

test("each user has a key of their own, and each sign-in a new one", async () => {
  await using there = await start()
  const { alice, host, id, server } = there
  const bob = host.as("bob")
  await alice.signInTo(id)
  await bob.signInTo(id)
  await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)
  await alice.signInTo(id)
  const answers = await Promise.all([alice, bob, alice, bob].map((user) => user.whoami(id)))
  expect(answers.map(({ body }) => body)).toMatchObject(
    ["alice", "bob", "alice", "bob"].map((user) => ({ func_return: user })),
  )
  const keys = await Promise.all(tokensOf(server).map(({ headers }) => keyOf(headers["dpop"])))
  expect(new Set(keys).size).toBe(3)
})

test("nonces that either server demands are put into the proofs, new ones too", async () => {
  let nonce = "first"
  await using there = await start({ dpop: "with_nonce" }, { dpopNonce: () => nonce })
  const { alice, id, mcpServer, server } = there
  expect(await (await alice.signInTo(id)).last()).toMatchObject({ event: "success" })
  expect(await alice.whoami(id)).toMatchObject(ok)
  // One is refused, to learn the nonce, and no code is given up for that.
  expect(tokenRequests(server, "authorization_code")).toHaveLength(2)
  nonce = "second"
  const before = mcpServer.requests.length
  expect(await alice.whoami(id)).toMatchObject(ok)
  expect(await alice.whoami(id)).toMatchObject(ok)
  // The new nonce was learned once.
  expect(mcpServer.requests.slice(before).filter(({ rpcMethod }) => rpcMethod === "tools/call")).toHaveLength(
    3,
  )
  mcpServer.revokeAll()
  expect(await alice.whoami(id)).toMatchObject(ok)
})

test("an authorization server that is content with no nonce is given up", async () => {
  let count = 0
  await using there = await start({
    dpop: true,
    intercept: ({ path }) => {
      if (path !== "/token") return undefined
      count += 1
      return Response.json(
        { error: "use_dpop_nonce" },
        { status: 400, headers: { "dpop-nonce": `nonce-${count}` } },
      )
    },
  })
  const stream = await there.alice.connect(there.id)
  const callback = await signIn(await stream.authorizationUrl())
  expect((await fetch(callback)).status).toBe(502)
  expect(await stream.last()).toMatchObject({ event: "error", code: "token_refused" })
  expect(count).toBeLessThanOrEqual(3)
})

test("an MCP server that is content with no nonce is given up", async () => {
  let isContent = true
  let count = 0
  await using there = await start(
    { dpop: true },
    { dpopNonce: () => (isContent ? "nonce" : `nonce-${(count += 1)}`) },
  )
  const { alice, id, mcpServer, server } = there
  await alice.signInTo(id)
  expect(await alice.whoami(id)).toMatchObject(ok)
  isContent = false
  const before = mcpServer.requests.length
  const answer = await alice.whoami(id)
  expect(answer.body).not.toMatchObject({ status: "success" })
  expect(mcpServer.requests.length - before).toBeLessThan(10)
  expect(tokenRequests(server, "refresh_token").length).toBeLessThanOrEqual(1)
})

test("an authorization server that gives a bearer token all the same is taken at its word", async () => {
  await using there = await start({ intercept: advertisedKeys("ES256") })
  const { alice, id, mcpServer, server } = there
  await alice.signInTo(id)
  expect(tokensOf(server)[0]?.headers["dpop"]).toBeDefined()
  expect(await alice.whoami(id)).toMatchObject(ok)
  expect(lastSent(there)).toMatchObject({ scheme: "Bearer", proof: undefined })
  mcpServer.revokeAll()
  expect(await alice.whoami(id)).toMatchObject(ok)
})

test.each([
  ["an authorization server that does not take keys", {}, true],
  [
    "an authorization server that takes keys of another kind alone",
    { dpop: true, intercept: advertisedKeys("RS256") },
    true,
  ],
  ["a host that does not ask for it", { dpop: true }, false],
])("tokens are not bound with %s", async (_name, options, asks) => {
  await using there = await start(options, {}, asks)
  const { alice, id, server } = there
  await alice.signInTo(id)
  expect(await alice.whoami(id)).toMatchObject(ok)
  expect(lastSent(there)).toMatchObject({ scheme: "Bearer", proof: undefined })
  expect(tokensOf(server).map(({ headers }) => headers["dpop"])).toStrictEqual([undefined])
})

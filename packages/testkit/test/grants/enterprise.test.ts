import type { MooringOptions } from "@mooring/core"
import { decodeJwt } from "jose"
import { afterEach, expect, test } from "vitest"
import { identityProvider, type TestIdentityProvider } from "../../src/oauth/identityProvider.ts"
import { clockAhead } from "../sign-in/clockAhead.ts"
import { basic, clientId, clientSecret, machine } from "./machine.ts"
import { startGrants, tokenRequests } from "./startGrants.ts"

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

let closes: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const close of closes.toReversed()) await close()
  closes = []
})

/** An enterprise whose users have signed in to the host, and an MCP server that trusts its identity provider. */
const startEnterprise = async (
  identityTokenOf?: (provider: TestIdentityProvider) => MooringOptions["identityToken"],
  users = ["alice", "bob", "carol"],
) => {
  const provider = await identityProvider({
    clientId: "host",
    clientSecret: "the host's secret",
    clientIdElsewhere: clientId,
  })
  closes.push(provider.close)
  const asked: Array<string> = []
  const there = await startGrants(
    ({ issuer }, { url }) => ({
      oauth: {
        grants: [
          {
            type: "enterprise_managed",
            serverUrl: url,
            issuer,
            clientId,
            clientSecret,
            scopes: ["mcp:read"],
            identityProvider: {
              tokenEndpoint: provider.tokenEndpoint,
              clientId: "host",
              clientSecret: "the host's secret",
            },
          },
        ],
      },
      identityToken:
        identityTokenOf?.(provider) ??
        (async ({ organizationId, userId }, audience) => {
          asked.push(`${organizationId}/${userId}`)
          expect(audience).toStrictEqual({ issuer, serverUrl: url })
          return users.includes(userId) ? provider.idToken(userId) : undefined
        }),
    }),
    {
      clients: [{ ...machine, grantTypes: [jwtBearer] }],
      jwtBearer: provider.userOf,
      accessTokenSeconds: 600,
    },
  )
  closes.push(() => there[Symbol.asyncDispose]())
  return { ...there, provider, asked }
}

test("a user is known to the MCP server by the enterprise, and signs in nowhere", async () => {
  const { host, mcpServer, provider, server } = await startEnterprise()
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  expect(await alice.whoami(id)).toMatchObject({ status: 200, body: { func_return: "alice" } })
  expect(await (await alice.connect(id)).names()).toStrictEqual(["connection_attempt", "success"])

  const [exchange, ...moreExchanges] = provider.requests
  expect(moreExchanges).toStrictEqual([])
  expect(exchange?.form).toMatchObject({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:id-jag",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    audience: server.issuer,
    resource: mcpServer.url,
    scope: "mcp:read",
    client_id: "host",
  })
  const [grant, ...moreGrants] = tokenRequests(server)
  expect(moreGrants).toStrictEqual([])
  expect(grant?.form).toStrictEqual({
    grant_type: jwtBearer,
    assertion: expect.any(String),
    resource: mcpServer.url,
    scope: "mcp:read",
  })
  expect(grant?.headers["authorization"]).toBe(basic)
  // The ID token goes to the identity provider, what comes of it to the authorization server, each secret to its own.
  const idToken = exchange?.form["subject_token"] ?? ""
  expect(idToken).not.toBe("")
  const elsewhere = JSON.stringify([server.requests, mcpServer.requests.map(({ headers }) => headers)])
  expect(elsewhere).not.toContain(idToken)
  expect(elsewhere).not.toContain("the host's secret")
  expect(JSON.stringify(provider.requests)).not.toContain(clientSecret)
  expect(JSON.stringify(mcpServer.requests)).not.toContain(grant?.form["assertion"])
})

test("users never share a session or a token, in one organization and across", async () => {
  const { host, mcpServer, provider, server } = await startEnterprise()
  const alice = host.as("alice")
  const bob = host.as("bob")
  const carol = host.as("carol", "two")
  // Somebody of the same name in another organization, of whom nothing is known there.
  const id = await alice.createServer(mcpServer.url)
  const idOfTwo = await carol.createServer(mcpServer.url)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })

  const rounds = [1, 2, 3, 4, 5].flatMap(() => [
    alice.whoami(id),
    bob.whoami(id),
    carol.whoami(idOfTwo),
    host.as("alice", "two").whoami(idOfTwo),
  ])
  const said = (await Promise.all(rounds)).map(({ body }) => body)
  expect(said).toStrictEqual(
    [1, 2, 3, 4, 5].flatMap(() =>
      ["alice", "bob", "carol", "alice"].map((user) => expect.objectContaining({ func_return: user })),
    ),
  )
  // One token each, and one session each.
  expect(tokenRequests(server)).toHaveLength(4)
  const tokensBySession = new Map<unknown, Set<unknown>>()
  const usersOfTokens = new Map<unknown, string>()
  for (const { headers } of mcpServer.requests) {
    const session = headers["mcp-session-id"]
    if (session === undefined || headers.authorization === undefined) continue
    tokensBySession.set(session, (tokensBySession.get(session) ?? new Set()).add(headers.authorization))
    const token = await server.findAccessToken(headers.authorization.slice("Bearer ".length))
    usersOfTokens.set(headers.authorization, token?.subject ?? "")
  }
  expect(tokensBySession.size).toBe(4)
  expect([...tokensBySession.values()].map(({ size }) => size)).toStrictEqual([1, 1, 1, 1])
  expect([...usersOfTokens.values()].toSorted()).toStrictEqual(["alice", "alice", "bob", "carol"])

  // Each ID token was exchanged once, and the assertion that came of it is of the same user.
  const subjects = provider.requests.map(({ form }) => decodeJwt(form["subject_token"] ?? "").sub)
  expect(subjects.toSorted()).toStrictEqual(["alice", "alice", "bob", "carol"])
  const asserted = tokenRequests(server).map(({ form }) => decodeJwt(form["assertion"] ?? "").sub)
  expect(asserted.toSorted()).toStrictEqual(["alice", "alice", "bob", "carol"])
})

test("a user whom the enterprise does not know is told so, beside others who are let in", async () => {
  const { asked, host, mcpServer, server } = await startEnterprise()
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  const tokens = tokenRequests(server).length

  const dave = host.as("dave")
  expect((await dave.whoami(id)).body).toMatchObject({ error: { type: "identity_unavailable" } })
  expect(await (await dave.connect(id)).names()).toStrictEqual(["connection_attempt", "error"])
  expect(asked).toContain("one/dave")
  expect(tokenRequests(server)).toHaveLength(tokens)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
})

test("who has left the enterprise has no access any more, as soon as the token is over", async () => {
  using clock = clockAhead()
  const users = ["alice", "bob"]
  const { host, mcpServer } = await startEnterprise(undefined, users)
  const alice = host.as("alice")
  const bob = host.as("bob")
  const id = await alice.createServer(mcpServer.url)
  expect(await bob.whoami(id)).toMatchObject({ body: { func_return: "bob" } })
  users.pop()
  clock.move(590_000)
  const refused = await bob.whoami(id)
  expect(refused.text).toMatch(/could not prove who asks/)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
})

test("an ID token that was made for another client, or by another provider, lets nobody in", async () => {
  const other = await identityProvider({
    clientId: "host",
    clientSecret: "the host's secret",
    clientIdElsewhere: clientId,
  })
  closes.push(other.close)
  const { host, mcpServer, provider, server } = await startEnterprise(() => () => other.idToken("alice"))
  const alice = host.as("alice")
  const stream = await alice.connect(await alice.createServer(mcpServer.url))
  expect(await stream.last()).toMatchObject({ event: "error", code: "token_refused" })
  expect(provider.requests.length).toBeGreaterThan(0)
  expect(tokenRequests(server)).toStrictEqual([])
})

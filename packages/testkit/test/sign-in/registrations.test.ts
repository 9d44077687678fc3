import { expect, test } from "vitest"
import { signIn } from "../../src/oauth/signIn.ts"
import type { TestAuthorizationServer } from "../../src/oauth/authorizationServer.ts"
import { serversWith } from "../hostile-oauth/serversWith.ts"
import { startAll, tokenRequests, withHost } from "./startAll.ts"

const registrations = ({ requests }: Pick<TestAuthorizationServer, "requests">) =>
  requests.filter(({ path }) => path === "/register")

const clientOf = (url: string) => new URL(url).searchParams.get("client_id")

/** An authorization server that can forget the clients that it has registered. */
const startForgetful = async () => {
  const forgotten = new Set<string>()
  const there = await startAll({
    intercept: ({ form, path, query }) => {
      if (path === "/authorize" && forgotten.has(query["client_id"] ?? "")) {
        return new Response("unknown client", { status: 400 })
      }
      return path === "/token" && forgotten.has(form["client_id"] ?? "")
        ? Response.json({ error: "invalid_client" }, { status: 401 })
        : undefined
    },
  })
  const alice = there.host.as("alice")
  const id = await alice.createServer(there.mcpServer.url)
  return { ...there, alice, id, forget: (url: string) => forgotten.add(clientOf(url) ?? "") }
}

test("an organization is registered once, whoever of it signs in where, and another one by itself", async () => {
  await using there = await startAll()
  const { host, mcpServer, server } = there
  const alice = host.as("alice")
  const id = await alice.createServer(mcpServer.url)
  const first = await alice.signInTo(id)
  const second = await host.as("bob").signInTo(id)
  await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)
  const third = await alice.signInTo(id)
  const clients = await Promise.all(
    [first, second, third].map(async (stream) => clientOf(await stream.authorizationUrl())),
  )
  expect(new Set(clients).size).toBe(1)
  expect(registrations(server)).toHaveLength(1)

  const elsewhere = host.as("alice", "two")
  const stream = await elsewhere.signInTo(await elsewhere.createServer(mcpServer.url))
  expect(clients).not.toContain(clientOf(await stream.authorizationUrl()))
  expect(registrations(server)).toHaveLength(2)
  expect(await host.as("bob").whoami(id)).toMatchObject({ body: { func_return: "bob" } })
  expect(server.refusals).toStrictEqual([])
})

test("a client that the authorization server does not know any more: who gives up there is another one next time", async () => {
  await using there = await startForgetful()
  const { alice, forget, id, mcpServer, server } = there
  forget(await (await alice.signInTo(id)).authorizationUrl())
  await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)

  const stuck = await alice.connect(id)
  expect((await fetch(await stuck.authorizationUrl())).status).toBe(400)
  expect(registrations(server)).toHaveLength(1)
  stuck.leave()
  // Leaving is noticed a moment later.
  await expect
    .poll(
      async () => {
        const stream = await alice.connect(id)
        const { status } = await fetch(await stream.authorizationUrl(), { redirect: "manual" })
        stream.leave()
        return status
      },
      { timeout: 10_000 },
    )
    .toBe(303)
  expect(registrations(server)).toHaveLength(2)
  await alice.signInTo(id)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(mcpServer.calls).toHaveLength(1)
})

test("a client that is unknown when the code comes, or at a renewal, is registered anew, once", async () => {
  await using there = await startForgetful()
  const { alice, forget, id, mcpServer, server } = there
  const stream = await alice.connect(id)
  const url = await stream.authorizationUrl()
  const callback = await signIn(url)
  forget(url)
  expect((await fetch(callback)).status).toBe(502)
  expect(await stream.last()).toMatchObject({ event: "error", code: "token_refused" })

  const second = await alice.signInTo(id)
  expect(await second.last()).toMatchObject({ event: "success" })
  expect(registrations(server)).toHaveLength(2)

  forget(await second.authorizationUrl())
  mcpServer.revokeAll()
  expect(await alice.whoami(id)).toMatchObject({ status: 403 })
  expect(tokenRequests(server, "refresh_token")).toHaveLength(1)
  expect(await (await alice.signInTo(id)).last()).toMatchObject({ event: "success" })
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(registrations(server)).toHaveLength(3)
})

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds
test.for([
  ["never", 0, 1],
  ["in a year", inSeconds(365 * 24 * 3_600), 1],
  ["at no time of this world", 1e300, 1],
  ["before it began", -5, 1],
  ["during the next sign-in", inSeconds(120), 2],
  ["in the past", inSeconds(-120), 2],
] as const)("a client's secret that ends %s", async ([, client_secret_expires_at, expected]) => {
  await using there = await withHost(
    await serversWith({
      authMethod: "client_secret_post",
      registration: (_request, right) =>
        Response.json({ ...right().body, client_secret_expires_at }, { status: 201 }),
    }),
  )
  const alice = there.host.as("alice")
  const id = await alice.createServer(there.mcpServer.url)
  for (const _ of [1, 2]) {
    expect(await (await alice.signInTo(id)).last()).toMatchObject({ event: "success" })
    await alice.request("DELETE", `/v1/mcp-servers/${id}/credential`)
  }
  expect(registrations(there)).toHaveLength(expected)
})

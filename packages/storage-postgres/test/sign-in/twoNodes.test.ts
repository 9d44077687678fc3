import { signIn } from "@mooring/testkit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { bothServers } from "../../../testkit/test/oauth/bothServers.ts"
import { tokenRequests } from "../../../testkit/test/sign-in/startAll.ts"
import { startNodes } from "./startNodes.ts"

const runs = 24
const users = Array.from({ length: 20 }, (_, number) => `user-${number}`)

describe("signing in on two nodes", () => {
  const opened = new AsyncDisposableStack()
  let nodes: Awaited<ReturnType<typeof startNodes>>
  let servers: Awaited<ReturnType<typeof bothServers>>
  beforeAll(async () => {
    servers = opened.use(await bothServers({ users: ["alice", "bob", ...users] }))
    nodes = opened.use(await startNodes())
  })
  afterAll(() => opened.disposeAsync())

  test("20 streams on one node are ended by callbacks that arrive on the other", async () => {
    const { a, atSecond, b } = nodes
    const id = await a.as("alice").createServer(servers.mcpServer.url, {}, "many")
    const begun = await Promise.all(
      users.map(async (user) => {
        const stream = await a.as(user).connect(id)
        return { user, stream, callback: await signIn(await stream.authorizationUrl(), { user }) }
      }),
    )
    const answers = await Promise.all(
      begun.map(async ({ callback }) => {
        const answer = await fetch(atSecond(callback), { headers: { accept: "application/json" } })
        await answer.text()
        return answer.status
      }),
    )
    expect(answers).toStrictEqual(users.map(() => 200))
    const names = await Promise.all(begun.map(({ stream }) => stream.names()))
    expect(names).toStrictEqual(
      users.map(() => [
        "connection_attempt",
        "oauth_required",
        "authorization_url",
        "waiting_for_auth",
        "success",
      ]),
    )
    // Each is who they are, on both nodes.
    for (const node of [a, b]) {
      const said = await Promise.all(users.map(async (user) => (await node.as(user).whoami(id)).body))
      expect(said).toStrictEqual(users.map((user) => expect.objectContaining({ func_return: user })))
    }
  })

  test("one answer that arrives on both at once, many times, is used once", async () => {
    const { a, atSecond } = nodes
    const bob = a.as("bob", "two")
    const stream = await bob.connect(await bob.createServer(servers.mcpServer.url))
    const callback = await signIn(await stream.authorizationUrl(), { user: "bob" })
    const before = tokenRequests(servers.server, "authorization_code").length
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async (_, number) => {
        const answer = await fetch(number % 2 === 0 ? callback : atSecond(callback))
        await answer.text()
        return answer.status
      }),
    )
    expect(statuses.toSorted()).toStrictEqual([200, ...Array.from({ length: 29 }, () => 410)])
    expect(tokenRequests(servers.server, "authorization_code")).toHaveLength(before + 1)
    expect(await stream.last()).toMatchObject({ event: "success" })
  })

  test("a token that is over is renewed once for runs on both, and no refresh token is used twice", async () => {
    const { a, b } = nodes
    const [onA, onB] = [a.as("alice", "three"), b.as("alice", "three")]
    const id = await onA.createServer(servers.mcpServer.url)
    await onA.signInTo(id)
    // Both have a warm session.
    expect(await onA.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    expect(await onB.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    const tool = (await onA.tools(id)).find(({ name }) => name === "whoami")?.id ?? ""
    const { server } = servers
    for (const times of [1, 2, 3]) {
      servers.mcpServer.revokeAll()
      const answers = await Promise.all(
        Array.from({ length: runs }, (_, number) => (number % 2 === 0 ? onA : onB).runWhoami(id, tool)),
      )
      expect(answers.map(({ body }) => body)).toStrictEqual(
        answers.map(() => expect.objectContaining({ func_return: "alice" })),
      )
      expect(tokenRequests(server, "refresh_token")).toHaveLength(times)
    }
    expect(server.refusals).toStrictEqual([])
  })

  test("whoever signs out on one is signed out on the other", async () => {
    const { a, b } = nodes
    const [onA, onB] = [a.as("alice", "four"), b.as("alice", "four")]
    const id = await onA.createServer(servers.mcpServer.url)
    await onA.signInTo(id)
    expect(await onB.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
    expect(await onA.request("DELETE", `/v1/mcp-servers/${id}/credential`)).toMatchObject({ status: 204 })
    // The word of it travels by the database.
    await expect.poll(async () => (await onB.whoami(id)).status, { timeout: 10_000, interval: 20 }).toBe(403)
  })
})

test("a node that is closed while its user signs in: the other one finishes, and connects at once", async () => {
  await using servers = await bothServers()
  await using nodes = await startNodes()
  const { a, atSecond, b } = nodes
  const id = await a.as("alice").createServer(servers.mcpServer.url)
  const stream = await a.as("alice").connect(id)
  const url = await stream.authorizationUrl()
  await a.close()
  const callback = await signIn(url)
  expect((await fetch(atSecond(callback))).status).toBe(200)
  const next = await b.as("alice").connect(id)
  expect(await next.names()).toStrictEqual(["connection_attempt", "success"])
  expect(await b.as("alice").whoami(id)).toMatchObject({ body: { func_return: "alice" } })
})

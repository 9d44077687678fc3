import { startPostgres } from "@mooring/test-postgres"
import { signIn } from "@mooring/testkit"
import { afterAll, beforeAll, expect, test } from "vitest"
import { bothServers } from "../../../testkit/test/oauth/bothServers.ts"
import { tokenRequests } from "../../../testkit/test/sign-in/startAll.ts"
import { lightServers } from "./lightServers.ts"
import { type HostProcess, startHostProcess } from "./startHostProcess.ts"

const opened = new AsyncDisposableStack()
let a: HostProcess
let b: HostProcess
beforeAll(async () => {
  const postgres = opened.use(await startPostgres())
  const url = await postgres.createDatabase()
  ;[a, b] = await Promise.all([startHostProcess(url), startHostProcess(url)])
  opened.use(a)
  opened.use(b)
})
afterAll(() => opened.disposeAsync())

const usersNamed = (count: number) => Array.from({ length: count }, (_, number) => `user-${number}`)

/** All of them sign in at once: watched on one node, called back on the other. */
const signInAcross = async (users: ReadonlyArray<string>, mcpUrl: string) => {
  const organization = mcpUrl
  const id = await a.as("operator", organization).createServer(mcpUrl)
  const begun = await Promise.all(
    users.map(async (user) => {
      const stream = await a.as(user, organization).connect(id)
      return { stream, callback: await signIn(await stream.authorizationUrl(), { user }) }
    }),
  )
  const statuses = await Promise.all(begun.map(({ callback }) => b.callBack(callback)))
  const names = await Promise.all(begun.map(({ stream }) => stream.names()))
  return { id, organization, statuses, names }
}

const events = ["connection_attempt", "oauth_required", "authorization_url", "waiting_for_auth", "success"]

test("200 sign-ins whose callback arrives at another process than the one that is watched: all succeed", async () => {
  await using servers = await lightServers()
  const users = usersNamed(200)
  const { names, statuses } = await signInAcross(users, servers.mcpServer.url)
  expect(statuses).toStrictEqual(users.map(() => 200))
  expect(names).toStrictEqual(users.map(() => events))
  expect(servers.server.requests.filter(({ path }) => path === "/token")).toHaveLength(200)
})

test("the same with a certified authorization server, and each is who they are on both", async () => {
  const users = usersNamed(20)
  await using servers = await bothServers({ users })
  const { id, names, organization, statuses } = await signInAcross(users, servers.mcpServer.url)
  expect(statuses).toStrictEqual(users.map(() => 200))
  expect(names).toStrictEqual(users.map(() => events))
  expect(servers.server.refusals).toStrictEqual([])
  for (const node of [a, b]) {
    const said = await Promise.all(
      users.map(async (user) => (await node.as(user, organization).whoami(id)).body),
    )
    expect(said).toStrictEqual(users.map((user) => expect.objectContaining({ func_return: user })))
  }
})

test("one answer that arrives 25 times at each of two processes at once is used once", async () => {
  await using servers = await bothServers()
  const alice = a.as("alice", "once")
  const stream = await alice.connect(await alice.createServer(servers.mcpServer.url))
  const callback = await signIn(await stream.authorizationUrl())
  const statuses = await Promise.all(
    Array.from({ length: 50 }, (_, number) => (number % 2 === 0 ? a : b).callBack(callback)),
  )
  expect(statuses.toSorted()).toStrictEqual([200, ...Array.from({ length: 49 }, () => 410)])
  expect(tokenRequests(servers.server, "authorization_code")).toHaveLength(1)
  expect(await stream.last()).toMatchObject({ event: "success" })
})

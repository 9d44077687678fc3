import { setTimeout as delay } from "node:timers/promises"
import { expect, test } from "vitest"
import {
  defaultTools,
  legacyServer,
  legacySseServer,
  modernServer,
  type RecordedRequest,
} from "../../src/index.ts"
import { sessionHost, userOf } from "./sessionHost.ts"

// Servers tell of changed tools in different ways, by their transport and the revision that they speak.

const headers = { authHeader: null, authToken: null, customHeaders: null }
const alice = userOf("alice")
const countOf = (requests: ReadonlyArray<RecordedRequest>, method: string) =>
  requests.filter(({ rpcMethod }) => rpcMethod === method).length

test.each([
  ["modern", modernServer],
  ["legacy", legacyServer],
  ["sse", legacySseServer],
] as const)("%s: the stored tools follow", async (kind, start) => {
  await using upstream = await start()
  await using host = sessionHost({})
  const config = { ...headers, type: kind === "sse" ? ("sse" as const) : ("streamable_http" as const) }
  const { id } = await host.mooring.servers.create(alice, {
    name: kind,
    config: { ...config, serverUrl: upstream.url },
  })
  if (kind === "modern") {
    await expect.poll(() => countOf(upstream.requests, "subscriptions/listen"), { timeout: 10_000 }).toBe(1)
  }
  if (kind === "legacy") {
    await expect.poll(() => upstream.requests.some(({ method }) => method === "GET")).toBe(true)
  }
  const names = async () =>
    (await host.mooring.tools.list(alice, id)).map(({ definition }) => definition.name)
  expect(await names()).toContain("add")
  const tools = defaultTools().filter(({ name }) => name !== "add")
  // The stream may be asked for before it is open.
  const follows = async () => {
    await upstream.setTools(tools)
    return !(await names()).includes("add")
  }
  await expect.poll(follows, { timeout: 20_000, interval: 700 }).toBe(true)
})

test("users with sessions of their own share one stream, and it ends with the last session", async () => {
  await using upstream = await modernServer()
  await using host = sessionHost({
    // So each user has a session.
    onElicit: async () => ({ action: "decline" }),
    limits: { sessionIdleMs: 3_000 },
  })
  const server = await host.register("alice", upstream.url)
  await Promise.all(["bob", "carol", "dave"].map((user) => server.run("count", {}, userOf(user))))
  const liveSessions = async () => (await server.health()).liveSessions
  expect(await liveSessions()).toBe(4)
  await expect.poll(() => countOf(upstream.requests, "subscriptions/listen"), { timeout: 10_000 }).toBe(1)
  await expect.poll(liveSessions, { timeout: 20_000 }).toBe(0)
  expect(countOf(upstream.requests, "subscriptions/listen")).toBeLessThanOrEqual(4)
})

test("a server that is not registered is not asked to tell", async () => {
  // Slow enough that a session would be asked over that is kept.
  await using upstream = await modernServer({
    intercept: async (request) => {
      if (request.headers.get("mcp-method") === "tools/list") await delay(2_000)
      return undefined
    },
  })
  await using host = sessionHost({})
  const answer = await host.mooring.fetch(
    new Request("http://host.example/v1/tools/mcp/servers/connect", {
      method: "POST",
      headers: { authorization: "Bearer alice", "content-type": "application/json" },
      body: JSON.stringify({ server_name: "other", type: "streamable_http", server_url: upstream.url }),
    }),
  )
  expect(await answer.text()).toContain('"success"')
  expect(countOf(upstream.requests, "subscriptions/listen")).toBe(0)
})

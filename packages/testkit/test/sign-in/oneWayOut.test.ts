import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { expect, onTestFinished, test, vi } from "vitest"
import { legacySseServer } from "../../src/index.ts"
import { remote } from "../core/askingHost.ts"
import { clockAhead } from "./clockAhead.ts"
import { revocations, startAll, tokenRequests } from "./startAll.ts"

// Global fetch and Node's own client know nothing of the host's policy. The MCP client's functions fall back on the
// one wherever they are not given another, which lint does not see.

/** Whose requests do not go through the guarded fetch: those of the tests, at least. */
const watchOtherWays = () => {
  const callers: Array<string> = []
  const note = () => void callers.push(new Error("called").stack ?? "")
  const global = globalThis.fetch
  vi.stubGlobal("fetch", (...args: Parameters<typeof fetch>) => {
    note()
    return global(...args)
  })
  subscribe("http.client.request.created", note)
  onTestFinished(() => {
    vi.unstubAllGlobals()
    unsubscribe("http.client.request.created", note)
  })
  return callers
}

test("discovery, registration, sign-in, MCP, renewal and revocation take no other way than the guarded fetch", async () => {
  const callers = watchOtherWays()
  using clock = clockAhead()
  await using there = await startAll({ accessTokenSeconds: 600 })
  const alice = there.host.as("alice")
  const id = await alice.createServer(there.mcpServer.url)
  await alice.signInTo(id)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  clock.move(590_000)
  expect(await alice.whoami(id)).toMatchObject({ body: { func_return: "alice" } })
  expect(tokenRequests(there.server, "refresh_token").length).toBeGreaterThan(0)
  expect(await alice.request("DELETE", `/v1/mcp-servers/${id}`)).toMatchObject({ status: 204 })
  await vi.waitFor(() => expect(revocations(there.server)).toHaveLength(1), { timeout: 10_000, interval: 10 })

  await using sse = await legacySseServer()
  const actor = { organizationId: "one", userId: "alice" }
  const server = await there.host.mooring.servers.create(actor, {
    name: "sse",
    config: remote(sse.url, "sse"),
  })
  expect((await there.host.mooring.tools.list(actor, server.id)).length).toBeGreaterThan(0)

  expect(callers.some((stack) => stack.includes("SignInUser"))).toBe(true)
  const ours = callers.filter((stack) => /packages\/core\/src|@modelcontextprotocol.client/.test(stack))
  expect(ours).toStrictEqual([])
})

import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { legacyServer, legacySseServer, misbehavingCommand, stdioServer } from "../../src/index.ts"
import { remote } from "./askingHost.ts"
import { sessionHost, userOf, withToken } from "./sessionHost.ts"

// What counts against a server, and what a server that does not work may cost.

test.each([401, 403])(
  "a server that refuses a token (%i) is not taken for one that fails",
  async (status) => {
    let isRefusing = false
    await using upstream = await legacyServer({
      intercept: () => (isRefusing ? new Response(null, { status }) : undefined),
    })
    await using host = sessionHost({})
    const server = await host.register("alice", withToken(upstream.url, "token"))
    isRefusing = true
    await server.run("count")
    for (let again = 0; again < 8; again += 1) {
      await expect(server.run("count")).rejects.not.toMatchObject({ _tag: "McpServerFailing" })
    }
    expect(await server.health()).toMatchObject({
      status: "healthy",
      consecutiveFailures: 0,
      lastError: null,
    })
    isRefusing = false
    expect(await server.run("count")).toMatchObject({ status: "success" })
  },
)

test("a user whose own variables make a server fail does not make it fail for others", async () => {
  await using upstream = await legacyServer({
    intercept: (request) =>
      request.headers.get("authorization") === "Bearer wrong"
        ? new Response(null, { status: 500 })
        : undefined,
  })
  await using host = sessionHost({})
  const server = await host.register("alice", withToken(upstream.url, "{{ TOKEN }}"), { TOKEN: "right" })
  const bob = userOf("bob", { TOKEN: "wrong" })
  for (let again = 0; again < 6; again += 1) await server.run("count", {}, bob).catch(() => undefined)
  await expect(server.run("count", {}, bob)).rejects.toMatchObject({ _tag: "McpServerFailing" })
  expect(await server.health(bob)).toMatchObject({ status: "failing", circuit: "open" })

  const carol = userOf("carol", { TOKEN: "also right" })
  expect(await server.run("count", {}, carol)).toMatchObject({ status: "success" })
  expect(await server.health(carol)).toMatchObject({ status: "healthy", liveSessions: 2 })
})

test("a command that crashes again and again is not started for every run, and health says how it ended", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mooring-"))
  try {
    const spawns = join(directory, "spawns")
    const { args, command } = misbehavingCommand("crashes_in_tool_call")
    await using host = sessionHost({})
    const server = await host.register("alice", {
      type: "stdio",
      command: "sh",
      args: ["-c", 'echo spawned >> "$0"; exec "$@"', spawns, command, ...args],
      env: null,
    })
    const runs: Array<unknown> = []
    for (let again = 0; again < 60; again += 1) {
      runs.push(await server.run("ping").catch((error: unknown) => error))
    }
    for (const run of runs.slice(0, 5)) expect(run).toMatchObject({ status: "error" })
    expect(runs.at(-1)).toMatchObject({
      _tag: "McpServerFailing",
      message: expect.stringContaining("exited with code 1"),
    })
    expect((await readFile(spawns, "utf8")).trim().split("\n").length).toBeLessThanOrEqual(8)
    expect(await server.health()).toMatchObject({
      status: "failing",
      lastError: { message: expect.stringContaining("The command ended by itself") },
      transport: "stdio",
    })
    const answer = await server.runByRest("ping")
    expect(answer).toMatchObject({ status: 502, body: { error: { type: "mcp_server_failing" } } })
    expect(answer.headers.get("x-should-retry")).toBe("false")
  } finally {
    await rm(directory, { recursive: true })
  }
})

test("a command that we end because nobody uses it is not taken for one that crashes", async () => {
  await using host = sessionHost({ limits: { sessionIdleMs: 1 } })
  const server = await host.register("alice", { type: "stdio", env: null, ...stdioServer() })
  for (let again = 0; again < 6; again += 1) {
    expect(await server.run("count")).toMatchObject({ status: "success" })
    await expect.poll(async () => (await server.health()).liveSessions, { timeout: 10_000 }).toBe(0)
  }
  expect(await server.health()).toMatchObject({ status: "healthy", lastError: null })
})

test("a server that closes its event stream at once and wants it opened again at once is asked five times", async () => {
  let streams = 0
  await using upstream = await legacyServer({
    intercept: (request) => {
      if (request.method !== "GET") return undefined
      streams += 1
      return new Response("retry: 0\n\nid: 1\ndata: \n\n", {
        headers: { "content-type": "text/event-stream" },
      })
    },
  })
  await using host = sessionHost({})
  const server = await host.register("alice", upstream.url)
  await expect.poll(() => streams, { timeout: 10_000 }).toBe(6)
  for (let again = 0; again < 200; again += 1) await server.run("count")
  expect(streams).toBe(6)
})

test("a server over SSE that closes its stream at once and wants it opened again at once is not opened for every run", async () => {
  let streams = 0
  let isClosing = false
  await using upstream = await legacySseServer({
    intercept: (request) => {
      if (!isClosing || request.method !== "GET") return undefined
      streams += 1
      return new Response("retry: 0\n\nevent: endpoint\ndata: /message?sessionId=none\n\n", {
        headers: { "content-type": "text/event-stream" },
      })
    },
  })
  await using host = sessionHost({})
  const server = await host.register("alice", remote(upstream.url, "sse"))
  isClosing = true
  await upstream.dropSessions()
  await expect.poll(async () => (await server.health()).liveSessions, { timeout: 10_000 }).toBe(0)
  // Nobody has asked for anything.
  expect(streams).toBe(0)
  for (let again = 0; again < 60; again += 1) await server.run("count").catch(() => undefined)
  await expect(server.run("count")).rejects.toMatchObject({ _tag: "McpServerFailing" })
  expect(streams).toBe(5)
})

test("the health of a server is in the answer of the API, as this node has seen it", async () => {
  await using upstream = await legacyServer()
  await using host = sessionHost({})
  const { id } = await host.register("alice", withToken(upstream.url, "canary-77"))
  const answer = await host.request("alice", "GET", `/v1/mcp-servers/${id}/health`)
  expect(answer).toMatchObject({
    status: 200,
    body: {
      status: "healthy",
      circuit: "closed",
      consecutive_failures: 0,
      failing_since: null,
      last_error: null,
      last_success_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      next_try_at: null,
      live_sessions: 1,
      transport: "streamable_http",
      era: "legacy",
      scope: "node",
    },
  })
  expect(JSON.stringify(answer.body)).not.toContain("canary-77")
})

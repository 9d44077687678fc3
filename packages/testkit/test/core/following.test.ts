import { describe, expect, test } from "vitest"
import { defaultTools, legacyServer, reportTool, stdioServer, type TestTool } from "../../src/index.ts"
import { remote } from "./askingHost.ts"
import { alice, bob } from "./hostWithServer.ts"
import { drivenTool, eventsOf, followHost, serveFollowed } from "./followHost.ts"

const inMemory = ["legacy", "modern"] as const
const overHttp = ["legacy, HTTP", "modern, HTTP"] as const

describe.each([...inMemory, ...overHttp])("a run that is followed, %s", (kind) => {
  test("is asked for, and told of as it happens", async () => {
    const { called, tool } = drivenTool()
    await using host = await serveFollowed(kind, [tool])
    const events = host.follow(alice, "driven", { name: "one" })[Symbol.asyncIterator]()
    const first = events.next()
    const call = await called("one")
    expect(call.meta).toMatchObject({
      progressToken: expect.any(String),
      ...(kind.startsWith("modern") ? { "io.modelcontextprotocol/logLevel": "info" } : {}),
    })
    await call.progress(1)
    expect((await first).value).toStrictEqual({ event: "progress", progress: 1, message: "one" })
    await call.log("hello")
    expect((await events.next()).value).toStrictEqual({ event: "log", level: "info", data: "hello" })
    // Right before the result, which would make the MCP client forget it.
    void call.progress(2)
    void call.log("bye")
    call.end()
    expect((await events.next()).value).toMatchObject({ event: "progress", progress: 2 })
    expect((await events.next()).value).toMatchObject({ event: "log", data: "bye" })
    expect((await events.next()).value).toMatchObject({ event: "result", status: "success", text: "one" })
    expect(await events.next()).toMatchObject({ done: true })
  })

  test("is cancelled by its signal, and by leaving the loop", async () => {
    const { called, tool } = drivenTool()
    await using host = await serveFollowed(kind, [tool])
    const caller = new AbortController()
    const run = eventsOf(host.follow(alice, "driven", { name: "one" }, caller.signal))
    await called("one")
    caller.abort(new Error("I have left"))
    await expect(run).rejects.toThrow("I have left")
    await expect.poll(() => host.server.cancellations).toMatchObject([{ args: { name: "one" } }])

    const left = (async () => {
      for await (const event of host.follow(alice, "driven", { name: "two" })) return event
      return undefined
    })()
    await (await called("two")).progress(1)
    expect(await left).toMatchObject({ event: "progress" })
    await expect.poll(() => host.server.cancellations).toHaveLength(2)
    expect(
      await eventsOf(host.follow(alice, "driven", { name: "x" }, AbortSignal.abort())).catch(String),
    ).toBe("AbortError: This operation was aborted")
    expect(host.server.calls).toHaveLength(2)
  })

  test("ends with the application", async () => {
    const { called, tool } = drivenTool()
    await using host = await serveFollowed(kind, [tool])
    const run = eventsOf(host.follow(alice, "driven", { name: "one" })).catch(() => [])
    await called("one")
    await host.mooring.close()
    expect((await run).map((event) => "status" in event && event.status)).not.toContain("success")
  })

  test("hears nothing of another run on the same session", async () => {
    const { called, tool } = drivenTool()
    await using host = await serveFollowed(kind, [tool])
    const unfollowed = host.run(alice, "driven", { name: "d" })
    const other = await called("d")
    const follow = (name: string) => eventsOf(host.follow(alice, "driven", { name }))
    const first = follow("a")
    await called("a")
    await other.log("d")
    const runs = [first, follow("b"), follow("c")]
    const calls = await Promise.all(["a", "b", "c"].map(called))
    for (const [index, call] of calls.entries()) {
      await call.progress(1)
      await call.log("abc".charAt(index))
      await other.log("d")
    }
    for (const call of calls) call.end()
    const events = await Promise.all(runs)
    other.end()
    expect(await unfollowed).toMatchObject({ text: "d" })
    const isOwn = kind.endsWith("HTTP")
    expect(events).toMatchObject(
      ["a", "b", "c"].map((name) => [
        { event: "progress", message: name },
        // By one channel for all, nobody knows whose log that is.
        ...(isOwn ? [{ event: "log", data: name }] : []),
        { event: "result", text: name },
      ]),
    )

    // Alone again, it hears its own.
    const last = follow("e")
    const alone = await called("e")
    await alone.log("e")
    alone.end()
    expect(await last).toMatchObject([{ event: "log", data: "e" }, { event: "result" }])
  })

  test("hears nothing that another user's run left behind", async () => {
    const { called, tool } = drivenTool()
    await using host = await serveFollowed(kind, [tool])
    const earlier = host.run(bob, "driven", { name: "bob" })
    const bobs = await called("bob")
    bobs.end()
    await earlier
    const events = host.follow(alice, "driven", { name: "alice" })[Symbol.asyncIterator]()
    const first = events.next()
    const call = await called("alice")
    for (let progress = 1; progress <= 20; progress += 1) {
      await bobs.log("bob's secret", true).catch(() => {})
      await bobs.log("bob's secret").catch(() => {})
      await call.progress(progress)
      const { value } = await (progress === 1 ? first : events.next())
      expect(value).toMatchObject({ event: "progress", progress })
    }
    call.end()
    expect((await events.next()).value).toMatchObject({ event: "result", text: "alice" })
  })

  test("a flood of messages that nobody reads stops nothing and is not kept", async () => {
    // 100,000 in all, where each is not a write to a socket.
    const times = kind.endsWith("HTTP") ? 5_000 : 50_000
    let isDone = false
    const floods: TestTool = {
      ...reportTool,
      handle: async (args, context) => {
        const result = await reportTool.handle(args, context)
        isDone = true
        return result
      },
    }
    await using host = await serveFollowed(kind, [floods], { limits: { runLogs: 50 } })
    const notices = [
      { progress: 1, message: "on and on" },
      { level: "error", data: "x".repeat(100) },
    ]
    const events = host.follow(alice, "report", { notices, times })[Symbol.asyncIterator]()
    const all = [(await events.next()).value]
    await expect.poll(() => isDone, { timeout: 50_000 }).toBe(true)
    for (let next = await events.next(); next.done !== true; next = await events.next()) all.push(next.value)
    expect(all.filter((event) => event?.event === "log")).toHaveLength(50)
    // The first, what was on its way to the reader, and the newest.
    expect(all.filter((event) => event?.event === "progress").length).toBeLessThan(80)
    expect(all.slice(-2)).toMatchObject([
      { event: "logs_left_out", count: times - 50 },
      { event: "result", status: "success" },
    ])
  }, 60_000)
})

test("what belongs to no run is told to one who is alone: a server that logs by its session", async () => {
  const { called, tool } = drivenTool()
  await using host = await serveFollowed("legacy, HTTP", [tool])
  const events = host.follow(alice, "driven", { name: "one" })[Symbol.asyncIterator]()
  let heard: unknown
  void events.next().then(({ value }) => (heard = value))
  const call = await called("one")
  const again = async () => {
    // It is lost where the client does not listen to the session's own stream yet.
    await call.log("aside", true)
    return heard
  }
  await expect.poll(again).toStrictEqual({ event: "log", level: "info", data: "aside" })
  await events.return?.()
})

test("a server up to 2025-11-25 is asked for its log once, and only where somebody follows", async () => {
  await using host = await serveFollowed("legacy", [...defaultTools(), reportTool])
  if (!("messages" in host.server)) throw new Error("Not in memory")
  const { messages } = host.server
  const asked = () =>
    messages.filter((message) => "method" in message && message.method === "logging/setLevel")
  await host.run(alice, "echo", { text: "hi" })
  expect(asked()).toHaveLength(0)
  await eventsOf(host.follow(alice, "report", { notices: [] }))
  await eventsOf(host.follow(alice, "report", { notices: [] }))
  expect(asked()).toMatchObject([{ params: { level: "info" } }])
})

test("what another user's run logs while a server is asked for its log is not passed on", async () => {
  const { called, tool } = drivenTool()
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<undefined>()
  await using server = await legacyServer({
    tools: [tool],
    intercept: async (request) => {
      if (!(await request.clone().text()).includes("logging/setLevel")) return undefined
      asked.resolve()
      return answer.promise
    },
  })
  await using host = await followHost(remote(server.url))
  const bobs = host.run(bob, "driven", { name: "bob" })
  const bobsCall = await called("bob")
  const run = eventsOf(host.follow(alice, "driven", { name: "alice" }))
  await asked.promise
  await bobsCall.log("bob's secret")
  bobsCall.end()
  await bobs
  answer.resolve(undefined)
  const call = await called("alice")
  call.end()
  expect(await run).toMatchObject([{ event: "result", text: "alice" }])
})

test.each(["legacy", "modern"] as const)(
  "a command's call is cancelled with its follower, %s",
  async (era) => {
    const { args, command } = stdioServer({ era, reports: true })
    await using host = await followHost({ type: "stdio", command, args: [...args], env: null })
    for await (const event of host.follow(alice, "report", { notices: [{ progress: 1 }], waits: true })) {
      expect(event).toMatchObject({ event: "progress" })
      break
    }
    await expect
      .poll(async () => JSON.parse((await host.run(alice, "calls")).text))
      .toMatchObject({ cancellations: [{ name: "report" }] })
  },
)

test("a call that the server has certainly not taken ends in an error event", async () => {
  await using server = await legacyServer({
    intercept: async (request) =>
      (await request.clone().text()).includes('"tools/call"')
        ? new Response(null, { status: 404 })
        : undefined,
  })
  await using host = await followHost(remote(server.url))
  expect(await eventsOf(host.follow(alice, "echo", { text: "hi" }))).toMatchObject([
    {
      event: "error",
      code: "mcp_server_unreachable",
      message: expect.stringContaining("did not take the call"),
    },
  ])
})

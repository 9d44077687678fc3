import { type EventLoopUtilization, monitorEventLoopDelay, performance } from "node:perf_hooks"
import { setTimeout as delay } from "node:timers/promises"
import { expect, test } from "vitest"
import { legacyServer, misbehavingCommand } from "../../src/index.ts"
import { sessionHost } from "./sessionHost.ts"
import { event, talkingServer } from "./talkingServer.ts"

// Servers that do not stop sending. What they cost is bounded, and others do not notice.

const observed = 3_000

/** How busy this process is for a while, in which it runs the tool of another server without a pause. */
const whileOthersRun = async (run: () => Promise<unknown>) => {
  const lag = monitorEventLoopDelay({ resolution: 10 })
  lag.enable()
  const end = performance.now() + observed
  let runs = 0
  while (performance.now() < end) {
    expect(await run()).toMatchObject({ status: "success" })
    runs += 1
  }
  lag.disable()
  return { runs, lagMillis: lag.percentile(99) / 1e6 }
}

/** What it takes of this process where nothing else is to do: the part of its time, and memory. */
const takenAlone = async () => {
  const before: EventLoopUtilization = performance.eventLoopUtilization()
  const memory = process.memoryUsage()
  await delay(observed)
  const { external, heapUsed } = process.memoryUsage()
  return {
    time: performance.eventLoopUtilization(before).utilization,
    bytes: heapUsed + external - memory.heapUsed - memory.external,
  }
}

test("a command that floods its standard output is read no faster than it may write, and works", async () => {
  await using upstream = await legacyServer()
  await using host = sessionHost({})
  const other = await host.register("bob", upstream.url)
  const flooding = await host.register("alice", {
    type: "stdio",
    env: null,
    ...misbehavingCommand("floods_stdout"),
  })
  expect(await flooding.run("ping")).toMatchObject({ status: "success" })

  const { lagMillis, runs } = await whileOthersRun(() => other.run("echo", { text: "hi" }))
  expect(runs).toBeGreaterThan(100)
  expect(lagMillis).toBeLessThan(100)
  const { bytes, time } = await takenAlone()
  expect(time).toBeLessThan(0.5)
  expect(bytes).toBeLessThan(50 * 1024 * 1024)
  // The session is still the first one: it was held up, and never hung up on.
  expect((await flooding.health()).liveSessions).toBe(1)
  expect(await flooding.run("ping")).toMatchObject({ status: "success" })
  expect(await flooding.health()).toMatchObject({ status: "healthy", liveSessions: 1 })
})

/** A legacy server whose stream for what belongs to no call never stops. */
const floodingServer = async (messages: string) => {
  let streams = 0
  const upstream = await legacyServer({
    intercept: (request) => {
      if (request.method !== "GET") return undefined
      streams += 1
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>) =>
        controller.enqueue(new TextEncoder().encode(messages))
      return new Response(new ReadableStream({ pull }), {
        headers: { "content-type": "text/event-stream" },
      })
    },
  })
  return { upstream, streams: () => streams }
}

test("a server whose stream never stops is hung up on", async () => {
  const { streams, upstream } = await floodingServer(
    event({ method: "notifications/tools/list_changed" }).repeat(100),
  )
  await using _ = upstream
  await using host = sessionHost({})
  const server = await host.register("alice", upstream.url)
  await expect.poll(async () => (await server.health()).liveSessions, { timeout: 20_000 }).toBe(0)
  const before = streams()
  expect((await takenAlone()).time).toBeLessThan(0.2)
  expect(streams()).toBe(before)
})

test("pings are answered as long as they come now and then", async () => {
  const { say, upstream } = await talkingServer()
  await using _ = upstream
  await using host = sessionHost({})
  const server = await host.register("alice", upstream.url)
  const answers = () =>
    upstream.requests.filter(
      ({ body }) => typeof body === "object" && body !== null && "id" in body && body.id === "ping",
    ).length
  const pings = 5_000
  await say(event({ id: "ping", method: "ping" }).repeat(pings))
  await expect.poll(answers).toBeGreaterThanOrEqual(60)
  expect(await server.run("count")).toMatchObject({ status: "success" })
  expect(answers()).toBeLessThan(80)
})

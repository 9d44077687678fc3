import { once } from "node:events"
import { createServer } from "node:http"
import { expect, test } from "vitest"
import { legacyServer } from "../../src/index.ts"
import { remote } from "./askingHost.ts"
import { sessionHost, userOf } from "./sessionHost.ts"

// A thousand users connect to servers that accept and never answer, while others run their tools.

const deadline = 5_000
const count = 1_000

test("each of a thousand servers that never answer fails at its deadline, and others go on as before", async () => {
  await using silent = await listenSilently()
  await using upstream = await legacyServer()
  await using host = sessionHost({
    limits: { connectTimeoutMs: deadline, createWaitMs: 2 * deadline, sessions: count + 1 },
  })
  const working = await host.register("alice", upstream.url)
  const timeOfRun = async () => {
    const started = performance.now()
    expect(await working.run("echo", { text: "hi" })).toMatchObject({ status: "success" })
    return performance.now() - started
  }
  const alone: Array<number> = []
  for (let run = 0; run < count; run += 1) alone.push(await timeOfRun())

  const ended: Array<number> = []
  const attempt = async (index: number) => {
    const started = performance.now()
    await host.mooring.servers.create(userOf(`user ${index % 20}`), {
      name: `silent ${index}`,
      config: remote(`${silent.origin}/${index}`),
    })
    ended.push(performance.now() - started)
  }
  const attempts: Array<Promise<void>> = []
  const beside: Array<number> = []
  while (ended.length < count) {
    // They come one by one: this is to tell how long they wait, not how long it takes to connect a thousand.
    if (attempts.length < count) attempts.push(attempt(attempts.length))
    beside.push(await timeOfRun())
  }
  await Promise.all(attempts)

  expect(silent.connectionCount()).toBeGreaterThanOrEqual(count)
  expect(Math.min(...ended)).toBeGreaterThanOrEqual(deadline - 10)
  expect(quantile(ended, 0.99)).toBeLessThan(1.1 * deadline)
  // Their p99 tells more of what else the machine does than of us.
  expect(quantile(beside, 0.5)).toBeLessThan(2 * quantile(alone, 0.5) + 2)
})

const quantile = (times: ReadonlyArray<number>, part: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? 0

const listenSilently = async () => {
  let connections = 0
  const server = createServer(() => {})
    .on("connection", () => (connections += 1))
    .listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port")
  return {
    origin: `http://127.0.0.1:${address.port}`,
    connectionCount: () => connections,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

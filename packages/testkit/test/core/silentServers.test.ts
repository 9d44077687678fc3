import { once } from "node:events"
import { createServer } from "node:http"
import { expect, test } from "vitest"
import { legacyServer } from "../../src/index.ts"
import { remote } from "./askingHost.ts"
import { sessionHost, userOf } from "./sessionHost.ts"

// Servers that accept and never answer, while others run their tools. How much later than its deadline one is given up,
// and how much longer the others take, is measured by `pnpm bench silent`: here only the order of events counts.

const deadline = 4_000
const count = 1_000

test("a thousand servers that never answer are each given up at the deadline, and others go on meanwhile", async () => {
  await using silent = await listenSilently()
  await using upstream = await legacyServer()
  await using host = sessionHost({
    limits: { connectTimeoutMs: deadline, createWaitMs: 20 * deadline, sessions: count + 1 },
  })
  const working = await host.register("alice", upstream.url)

  const given: Array<{ readonly id: string; readonly after: number }> = []
  const attempt = async (index: number) => {
    const started = performance.now()
    const { id } = await host.mooring.servers.create(userOf(`user ${index % 20}`), {
      name: `silent ${index}`,
      config: remote(`${silent.origin}/${index}`),
    })
    given.push({ id, after: performance.now() - started })
  }
  const attempts: Array<Promise<void>> = []
  // One run to its end beside each that is begun, and beside those that wait.
  while (given.length === 0 || attempts.length < count) {
    if (attempts.length < count) attempts.push(attempt(attempts.length))
    expect(await working.run("echo", { text: "hi" })).toMatchObject({ status: "success" })
  }
  await Promise.all(attempts)

  expect(silent.connectionCount()).toBeGreaterThanOrEqual(count)
  // Not before it, and none was given up for anything else.
  expect(Math.min(...given.map(({ after }) => after))).toBeGreaterThanOrEqual(deadline - 10)
  for (const index of [0, count - 1]) {
    const health = await host.mooring.servers.health(userOf(`user ${index % 20}`), given[index]?.id ?? "")
    expect(health.lastError).toMatchObject({
      message: expect.stringMatching(/did not complete a connection within 4 s/),
    })
  }
  expect(await working.run("echo", { text: "hi" })).toMatchObject({ status: "success" })
})

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

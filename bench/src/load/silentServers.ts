import { once } from "node:events"
import { createServer } from "node:http"
import type { Bench, BenchContext } from "../Bench.ts"
import { startHttpServer } from "../mcp/startHttpServer.ts"
import { targetConfig } from "../mcp/targetConfig.ts"
import { quantile } from "../sampling/statistics.ts"
import { openMooring } from "../storage/openMooring.ts"

const count = 1_000
const deadlineMs = 5_000
const users = 20

/** Many servers that accept a connection and never answer, beside one that works. */
export const silentServers: Bench = {
  name: "load: 1,000 servers that never answer",
  about: `${users} users register ${count} MCP servers that accept a connection and never answer, one after the other, each with a deadline of ${deadlineMs / 1000} s to connect; somebody else runs a tool of a server that works, all the time: ${count} times before, and then until the last of the others has failed.`,
  run: async (context) => {
    const origin = await listenSilently(context)
    const { mooring } = await openMooring(context, undefined, {
      egress: { allowRanges: ["127.0.0.0/8"] },
      logLevel: "None",
      limits: { connectTimeoutMs: deadlineMs, createWaitMs: 2 * deadlineMs, sessions: count + 1 },
    })
    const target = await startHttpServer(context)
    const actor = { organizationId: "bench", userId: "working" }
    const { id } = await mooring.servers.create(actor, {
      name: "working",
      config: targetConfig(target("modern", "/beside-silent")),
    })
    const tool = (await mooring.tools.list(actor, id))[0]
    if (tool === undefined) throw new Error("The server has no tools")

    const timeOfRun = async () => {
      const started = performance.now()
      await mooring.tools.run(actor, id, tool.id)
      return performance.now() - started
    }
    for (let run = 0; run < count; run += 1) await timeOfRun()
    const alone: Array<number> = []
    for (let run = 0; run < count; run += 1) alone.push(await timeOfRun())

    const failed: Array<number> = []
    const attempt = async (index: number) => {
      const started = performance.now()
      await mooring.servers.create(
        { organizationId: "bench", userId: `user ${index % users}` },
        { name: `silent ${index}`, config: targetConfig({ kind: "legacy", url: `${origin}/${index}` }) },
      )
      failed.push(performance.now() - started)
    }
    const attempts: Array<Promise<void>> = []
    const beside: Array<number> = []
    while (failed.length < count) {
      if (attempts.length < count) attempts.push(attempt(attempts.length))
      beside.push(await timeOfRun())
    }
    await Promise.all(attempts)

    const late = 0.99
    return [
      {
        type: "time",
        what: "99 % of the silent servers are given up after",
        measured: { name: "until it is given up", samples: failed },
        part: late,
        goal: { atMost: 1.1 * deadlineMs },
      },
      {
        type: "count",
        what: "given up before the deadline",
        value: failed.filter((millis) => millis < deadlineMs - 10).length,
        goal: { atMost: 0 },
      },
      {
        type: "time",
        what: "99 % of the runs alone",
        measured: { name: "alone", samples: alone },
        part: late,
      },
      {
        type: "time",
        what: "99 % of the runs beside",
        measured: { name: "beside", samples: beside },
        part: late,
      },
      {
        type: "count",
        what: "99 % of the runs, beside to alone",
        value: Number((quantile(beside, late) / quantile(alone, late)).toFixed(2)),
        goal: { atMost: 2 },
      },
    ]
  },
}

const listenSilently = async ({ resources }: BenchContext): Promise<string> => {
  const server = createServer(() => {}).listen(0, "127.0.0.1")
  resources.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port")
  return `http://127.0.0.1:${address.port}`
}

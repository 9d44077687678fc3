import * as Schema from "effect/Schema"
import type { Bench, Finding } from "../Bench.ts"
import { startHttpServer } from "../mcp/startHttpServer.ts"
import type { McpKind } from "../mcp/McpTarget.ts"
import { startProcess } from "../processes/startProcess.ts"
import { median, quantile } from "../sampling/statistics.ts"
import { LoadedServer } from "./LoadedServer.ts"

const seconds = Number(process.env["BENCH_LOAD_SECONDS"] ?? 60)
const users = 200
const organizations = 10
const pauseMillis = 250

// 50 of them.
const kinds: ReadonlyArray<readonly [kind: McpKind, servers: number]> = [
  ["modern", 25],
  ["legacy", 15],
  ["sse", 5],
  ["stdio", 5],
]

/** Many users of many servers. */
export const mixedLoad: Bench = {
  name: "load: 200 users of 50 servers",
  about: `A host on Express and SQLite with 50 MCP servers of 10 organizations (25 speak HTTP 2026-07-28, 15 HTTP 2025-11-25, 5 SSE, 5 stdio), and 200 users who each pause for ${pauseMillis} ms on average before a request. Of ten requests, eight run a tool, one lists a server's tools, and one reads a server or lists them. Times are those of the users, whose processes, the host's and the servers' share the machine. Beside them stand those of as many users who ask the same host just as often for a route of Express's own, and for nothing else.`,
  run: async (context) => {
    const target = await startHttpServer(context)
    const targets = kinds
      .flatMap(([kind, servers]) => Array.from({ length: servers }, (_, at) => target(kind, `/load/${at}`)))
      .map((one, at) => ({ organization: `organization ${at % organizations}`, target: one }))
    const host = await startProcess(context, new URL("loadHost.ts", import.meta.url), [
      JSON.stringify(targets),
    ])
    const crowd = await startProcess(context, new URL("usersProcess.ts", import.meta.url), [])
    const { port, servers } = decodeHost(await host.ask({}))
    const ask = async (what: "servers" | "plain", millis: number) =>
      decodeLoad(await crowd.ask({ port, servers, users, pauseMillis, millis, what }))
    await ask("servers", 8_000)
    process.stdout.write(`… for ${seconds} s\n`)
    const { errors, sample, times } = await ask("servers", seconds * 1000)
    for (const error of sample) process.stdout.write(`${error}\n`)
    const plain = await ask("plain", (seconds / 4) * 1000)
    const measured = { name: "200 users", samples: times }
    const time = (what: string, part: number): Finding => ({ type: "time", what, measured, part })
    const spread = (samples: ReadonlyArray<number>) =>
      Number((quantile(samples, 0.99) / median(samples)).toFixed(2))
    return [
      { type: "count", what: "requests in a second", value: Math.round(times.length / seconds) },
      { type: "count", what: "errors", value: errors, goal: { atMost: 0 } },
      time("50 % are faster than", 0.5),
      time("95 % are faster than", 0.95),
      time("99 % are faster than", 0.99),
      { type: "count", what: "99 % to 50 %", value: spread(times), goal: { atMost: 5 } },
      { type: "count", what: "99 % to 50 %, a route of Express's own", value: spread(plain.times) },
    ]
  },
}

const decodeHost = Schema.decodeUnknownSync(
  Schema.Struct({ port: Schema.Int, servers: Schema.Array(LoadedServer) }),
)

const decodeLoad = Schema.decodeUnknownSync(
  Schema.Struct({
    times: Schema.Array(Schema.Number),
    errors: Schema.Int,
    sample: Schema.Array(Schema.String),
  }),
)

import { existsSync } from "node:fs"
import type { Bench, BenchContext, Finding } from "../Bench.ts"
import type { McpTarget } from "../mcp/McpTarget.ts"
import { startHttpServer } from "../mcp/startHttpServer.ts"
import { startHost } from "../processes/startHost.ts"
import { type BatchContestant, type BatchTurns, takeTurnsInBatches } from "../sampling/takeTurnsInBatches.ts"
import { startCaller } from "./startCaller.ts"

const turns = { rounds: 20, millis: 80 }

/** Of a process that has just been started, the hot path is compiled for good only after thousands of calls. */
const warmUpMillis = { first: 5_000, later: 1_500 }

/** A tool that is run again and again. */
export const warmRuns: Bench = {
  name: "runs: a warm run of a tool",
  about:
    "An MCP server in a process of its own runs a tool that does nothing; who calls it is in another one each. By service is `mooring.tools.run`; by REST is an Express with Mooring mounted, kept in SQLite, that a small program sends requests to on connections that are kept. By hand is the MCP client 2.4 with its own transports and the global `fetch`. The floor sends the same bytes by undici or into the pipe, and looks only for the text in the answer. The processor's time is that of the process that calls, for each call.",
  run: async (context) => {
    const target = await startHttpServer(context)
    const found: Array<Finding> = []
    for (const [what, at] of [
      ["HTTP 2026-07-28", target("modern")],
      ["HTTP 2025-11-25", target("legacy")],
      ["stdio", { kind: "stdio", url: "" }],
    ] as const) {
      const contestants = await openContestants(context, at)
      for (const atOnce of [1, 16, 64]) {
        process.stdout.write(`… ${what}, ${atOnce} at once\n`)
        const batches = {
          ...turns,
          atOnce,
          warmUpMillis: atOnce === 1 ? warmUpMillis.first : warmUpMillis.later,
        }
        found.push(...(await compare(`${what}, ${atOnce} at once`, at, contestants, batches)))
      }
    }
    return found
  },
}

interface Contestants {
  readonly byService: BatchContestant
  readonly byRest: BatchContestant
  readonly byHand: BatchContestant
  /** The floor, and others who do what Mooring does. */
  readonly others: ReadonlyArray<BatchContestant>
}

const openContestants = async (context: BenchContext, target: McpTarget): Promise<Contestants> => {
  const caller = (name: string, module: string) =>
    startCaller(context, name, new URL(module, import.meta.url), target)
  const peers = existsSync(new URL("node_modules", peersFolder)) ? await startPeers(context, target) : []
  return {
    byService: await caller("by service", "byService.ts"),
    byRest: {
      name: "by REST",
      run: await startHost(context, new URL("restHost.ts", import.meta.url), [JSON.stringify(target)]),
    },
    byHand: await caller("by hand", "byHand.ts"),
    others: [
      await caller("floor", "floor.ts"),
      ...(target.kind === "stdio" ? [] : [await caller("effect/ai", "byEffect.ts")]),
      ...peers,
    ],
  }
}

const compare = async (
  what: string,
  { kind }: McpTarget,
  { byHand, byRest, byService, others }: Contestants,
  batches: BatchTurns,
): Promise<ReadonlyArray<Finding>> => {
  const measured = await takeTurnsInBatches([byService, byRest, byHand, ...others], batches)
  const throughput = (baseline: BatchContestant, of: BatchContestant, atLeast?: number): Finding => ({
    type: "comparison",
    what,
    unit: "calls/s",
    baseline: measured(baseline).throughput,
    measured: measured(of).throughput,
    ...(atLeast === undefined ? {} : { goal: { atLeast } }),
  })
  const cpu = (baseline: BatchContestant, of: BatchContestant, atMost?: number): Finding => ({
    type: "comparison",
    what: `${what}: processor's time`,
    baseline: measured(baseline).cpu,
    measured: measured(of).cpu,
    ...(atMost === undefined ? {} : { goal: { atMost } }),
  })
  const isPromised = kind === "modern" && batches.atOnce === 16
  return [
    throughput(byHand, byService, isPromised ? 1.4 : kind === "stdio" ? 0.9 : undefined),
    cpu(byHand, byService, isPromised ? 0.7 : undefined),
    throughput(byHand, byRest, isPromised ? 1 : undefined),
    cpu(byHand, byRest),
    ...others.flatMap((other) => [throughput(other, byService), cpu(other, byService)]),
  ]
}

const peersFolder = new URL("../../peers/", import.meta.url)

/** Other libraries that connect to MCP servers, where `bench/peers` is installed and they speak what is asked for. */
const startPeers = async (
  context: BenchContext,
  target: McpTarget,
): Promise<ReadonlyArray<BatchContestant>> => {
  const started: Array<BatchContestant> = []
  for (const [name, module] of [
    ["@ai-sdk/mcp", "byAiSdk.ts"],
    ["@mastra/mcp", "byMastra.ts"],
    ["mcp-use", "byMcpUse.ts"],
  ] as const) {
    try {
      started.push(await startCaller(context, name, new URL(module, peersFolder), target))
    } catch (error) {
      process.stdout.write(
        `… without ${name} for ${target.kind}: ${error instanceof Error ? error.message.split("\n", 1)[0] : String(error)}\n`,
      )
    }
  }
  return started
}

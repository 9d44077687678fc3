import type { Bench, BenchContext, Finding } from "../Bench.ts"
import { startHost } from "../processes/startHost.ts"
import { type BatchContestant, takeTurnsInBatches } from "../sampling/takeTurnsInBatches.ts"

const turns = { rounds: 30, warmUpMillis: 3_000, millis: 60, atOnce: 16 }

/** What it costs to go through Mooring's router. */
export const router: Bench = {
  name: "router: a GET that answers JSON",
  about:
    "Two routes of Mooring, mounted, kept in memory, against a route of the framework's own that answers with the same bytes; 16 requests at once, on connections that are kept. What a framework's route leaves to its owner is part of Mooring's: who asks, whether that one may see it, and where it is kept.",
  run: async (context) => {
    const found: Array<Finding> = []
    for (const [what, framework, route] of [
      ["Express: GET /v1/health/", "express", "health"],
      ["Express: GET /v1/mcp-servers/{id}", "express", "server"],
      ["Koa: GET /v1/health/", "koa", "health"],
      ["Koa: GET /v1/mcp-servers/{id}", "koa", "server"],
    ] as const) {
      process.stdout.write(`… ${what}\n`)
      const plain = await host(context, "plain", [framework, "plain", route])
      const mooring = await host(context, "Mooring", [framework, "mooring", route])
      const measured = await takeTurnsInBatches([plain, mooring], turns)
      found.push(
        {
          type: "comparison",
          what,
          unit: "calls/s",
          baseline: measured(plain).throughput,
          measured: measured(mooring).throughput,
          goal: { atLeast: 0.5 },
        },
        {
          type: "comparison",
          what: `${what}: processor's time`,
          baseline: measured(plain).cpu,
          measured: measured(mooring).cpu,
        },
      )
    }
    return found
  },
}

const host = async (
  context: BenchContext,
  name: string,
  args: ReadonlyArray<string>,
): Promise<BatchContestant> => ({
  name,
  run: await startHost(context, new URL("routerHost.ts", import.meta.url), args),
})

import type { Bench, Finding } from "../Bench.ts"
import { startHttpServer } from "../mcp/startHttpServer.ts"
import { type BatchContestant, takeTurnsInBatches } from "../sampling/takeTurnsInBatches.ts"
import { startCaller } from "./startCaller.ts"

/** What it saves to keep a connection. */
export const connections: Bench = {
  name: "runs: against a connection for each call",
  about:
    "`mooring.tools.run` against the MCP client as many hosts use it: connect, call, close; one call at a time. By stdio, a connection starts a command, here one of Node's that does nothing else; those of others take longer.",
  run: async (context) => {
    const target = await startHttpServer(context)
    const found: Array<Finding> = []
    for (const [what, at, atLeast, turns] of [
      ["HTTP 2026-07-28", target("modern"), 5, { rounds: 30, warmUpMillis: 2_000, millis: 60 }],
      ["HTTP 2025-11-25", target("legacy"), 5, { rounds: 30, warmUpMillis: 2_000, millis: 60 }],
      ["stdio", { kind: "stdio", url: "" }, 500, { rounds: 20, warmUpMillis: 2_000, millis: 60 }],
    ] as const) {
      const start = (name: string, module: string): Promise<BatchContestant> =>
        startCaller(context, name, new URL(module, import.meta.url), at)
      const kept = await start("by service", "byService.ts")
      const perCall = await start("connect per call", "connectPerCall.ts")
      const measured = await takeTurnsInBatches([kept, perCall], { ...turns, atOnce: 1 })
      found.push({
        type: "comparison",
        what,
        unit: "calls/s",
        baseline: measured(perCall).throughput,
        measured: measured(kept).throughput,
        goal: { atLeast },
      })
    }
    return found
  },
}

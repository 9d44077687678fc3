import * as Schema from "effect/Schema"
import type { Bench, BenchContext, Finding } from "../Bench.ts"
import type { McpKind, McpTarget } from "../mcp/McpTarget.ts"
import { startHttpServer } from "../mcp/startHttpServer.ts"
import { startProcess } from "../processes/startProcess.ts"
import { shuffled } from "../sampling/shuffled.ts"

const rounds = 5

const kinds: ReadonlyArray<readonly [what: string, kind: McpKind, sessions: number]> = [
  ["HTTP 2026-07-28", "modern", 500],
  ["HTTP 2025-11-25", "legacy", 500],
  ["SSE", "sse", 500],
  ["stdio", "stdio", 20],
]

/** What a session takes while nobody uses it. */
export const idleSessions: Bench = {
  name: "memory: idle live sessions",
  about:
    "Sessions of Mooring's pool against clients connected by hand, 500 of each kind to as many URLs of one server, by stdio 20: what `heapUsed` and `external` have grown by after a collection, for each session after the first. Every sample is a process of its own. A command's own process comes on top, whoever starts it.",
  run: async (context) => {
    const found: Array<Finding> = []
    const serverTarget = await startHttpServer(context)
    for (const [what, kind, sessions] of kinds) {
      process.stdout.write(`… ${what}\n`)
      const targets = Array.from({ length: sessions + 1 }, (_, at) =>
        kind === "stdio" ? { kind, url: String(at) } : serverTarget(kind, `/${at}`),
      )
      const contestants = [
        { name: "by hand", module: "openByHand.ts", samples: new Array<number>() },
        { name: "Mooring", module: "openBySessionPool.ts", samples: new Array<number>() },
      ] as const
      for (let round = 0; round < rounds; round++) {
        for (const { module, samples } of shuffled(contestants))
          samples.push(await measure(context, module, targets))
      }
      const [baseline, measured] = contestants
      found.push({ type: "comparison", what, unit: "KB", baseline, measured, goal: { atMost: 1.1 } })
    }
    return found
  },
}

const measure = async (
  context: BenchContext,
  module: string,
  targets: ReadonlyArray<McpTarget>,
): Promise<number> => {
  const child = await startProcess(
    context,
    new URL("idleSessionsProcess.ts", import.meta.url),
    [new URL(module, import.meta.url).href],
    ["--expose-gc"],
  )
  const kilobytes = Schema.decodeUnknownSync(Schema.Number)(await child.ask({ targets }))
  await child.stop()
  return kilobytes
}

import * as Schema from "effect/Schema"
import type { BenchContext } from "../Bench.ts"
import type { McpTarget } from "../mcp/McpTarget.ts"
import { BatchTimes } from "../processes/Batch.ts"
import { startProcess } from "../processes/startProcess.ts"
import type { BatchContestant } from "../sampling/takeTurnsInBatches.ts"

/** Starts a process that calls the tool in the way of a module that exports `openCaller`. */
export const startCaller = async (
  context: BenchContext,
  name: string,
  module: URL,
  target: McpTarget,
): Promise<BatchContestant> => {
  const args = [module.href, JSON.stringify(target)]
  const caller = await startProcess(context, new URL("callerProcess.ts", import.meta.url), args)
  return { name, run: async (batch) => decodeTimes(await caller.ask(batch)) }
}

const decodeTimes = Schema.decodeUnknownSync(BatchTimes)

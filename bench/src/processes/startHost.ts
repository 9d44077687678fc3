import * as Schema from "effect/Schema"
import type { BenchContext } from "../Bench.ts"
import { shared } from "../sampling/shared.ts"
import { type Batch, BatchTimes } from "./Batch.ts"
import { HttpLoad } from "./HttpLoad.ts"
import { startProcess } from "./startProcess.ts"

/** What a host of a bench answers: where it is asked, what and, since it started, how much it has worked. */
const HostState = Schema.Struct({ cpuMillis: Schema.Number, load: HttpLoad })

/** What a host is asked: nothing but its state. */
export const answerHostState = (load: HttpLoad): typeof HostState.Type => {
  const { system, user } = process.cpuUsage()
  return { cpuMillis: (user + system) / 1000, load }
}

const startGenerator = shared((context) =>
  startProcess(context, new URL("loadGenerator.ts", import.meta.url), []),
)

/** Starts a host in a process of its own; gives what sends it a batch of requests from another process. */
export const startHost = async (
  context: BenchContext,
  script: URL,
  args: ReadonlyArray<string>,
): Promise<(batch: Batch) => Promise<BatchTimes>> => {
  const generator = await startGenerator(context)
  const host = await startProcess(context, script, args)
  const state = async () => decodeState(await host.ask({}))
  const { load } = await state()
  return async (batch) => {
    const before = await state()
    const { millis } = decodeTimes(await generator.ask({ load, batch }))
    const after = await state()
    return { millis, cpuMillis: after.cpuMillis - before.cpuMillis }
  }
}

const decodeState = Schema.decodeUnknownSync(HostState)
const decodeTimes = Schema.decodeUnknownSync(BatchTimes)

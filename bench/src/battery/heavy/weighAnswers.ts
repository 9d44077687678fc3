import * as Schema from "effect/Schema"
import type { BenchContext } from "../../Bench.ts"
import { startProcess } from "../../processes/startProcess.ts"
import { type HeavyCase, heavyCases, HeavyOutcome, type HeavySizes } from "./HeavyCase.ts"

export interface WeighedAnswer {
  readonly case: HeavyCase
  readonly outcome: HeavyOutcome
  /** The delay in a process that did nothing meanwhile, in milliseconds: what is the machine's doing. */
  readonly idleDelayMs: number | undefined
}

/**
 * Has a host take every heavy answer, one after the other.
 *
 * @param isCompared whether a host that does nothing runs beside it, for the delay that is the machine's doing.
 */
export const weighAnswers = async (
  context: Pick<BenchContext, "resources">,
  sizes: HeavySizes,
  cases: ReadonlyArray<HeavyCase> = heavyCases,
  isCompared = true,
): Promise<ReadonlyArray<WeighedAnswer>> => {
  const start = (script: string, args: ReadonlyArray<string>, options: ReadonlyArray<string> = []) =>
    startProcess(context, new URL(script, import.meta.url), args, options)
  const [server, host, idle] = await Promise.all([
    start("heavyServer.ts", [String(sizes.bytes), String(sizes.tools)]),
    start("heavyHost.ts", [], ["--expose-gc"]),
    isCompared ? start("heavyHost.ts", [], ["--expose-gc"]) : undefined,
  ])
  const { port } = decodePort(await server.ask({}))
  const url = (path: string) => `http://127.0.0.1:${port}/${path}`
  // Code is loaded and compiled, and connections are made.
  for (const does of ["list", "run", "run"]) await host.ask({ does, url: url("well") })
  const weighed: Array<WeighedAnswer> = []
  for (const each of cases) {
    const [outcome, control] = await Promise.all([
      host.ask({ does: each.does, url: url(each.path) }),
      idle?.ask({ does: "idle", url: "" }),
    ])
    weighed.push({
      case: each,
      outcome: decodeOutcome(outcome),
      idleDelayMs: control === undefined ? undefined : decodeOutcome(control).delayMs,
    })
  }
  return weighed
}

const decodePort = Schema.decodeUnknownSync(Schema.Struct({ port: Schema.Number }))
const decodeOutcome = Schema.decodeUnknownSync(HeavyOutcome)

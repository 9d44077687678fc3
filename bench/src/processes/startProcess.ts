import * as Schema from "effect/Schema"
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { BenchContext } from "../Bench.ts"

/** A process of the bench: what it does costs the others nothing but the machine's time. */
export interface BenchProcess {
  /** Asks it for something and waits for the answer. It is asked one thing at a time. */
  readonly ask: (question: object) => Promise<unknown>
  readonly stop: () => Promise<void>
}

/** Starts a script that calls `answerParent`, and resolves when it is ready. */
export const startProcess = async (
  { resources }: Pick<BenchContext, "resources">,
  script: URL,
  args: ReadonlyArray<string>,
  nodeOptions: ReadonlyArray<string> = [],
): Promise<BenchProcess> => {
  const child = fork(fileURLToPath(script), [...args], {
    execArgv: ["--conditions=@mooring/source", "--no-warnings", ...nodeOptions],
  })
  const ended = once(child, "exit")
  const failed = ended.then(([code]: Array<unknown>) => {
    throw new Error(`${fileURLToPath(script)} ended with ${String(code)}`)
  })
  failed.catch(() => {})
  const next = async (): Promise<unknown> => {
    const [said]: Array<unknown> = await Promise.race([once(child, "message"), failed])
    const { error, value } = decodeSaid(said)
    if (error !== undefined) throw new Error(error)
    return value
  }
  const stop = async () => {
    child.kill("SIGTERM")
    await ended
  }
  resources.defer(stop)
  await next()
  return {
    ask: (question) => {
      const answer = next()
      child.send(question)
      return answer
    },
    stop,
  }
}

const decodeSaid = Schema.decodeUnknownSync(
  Schema.Struct({ value: Schema.optional(Schema.Unknown), error: Schema.optional(Schema.String) }),
)

import * as fc from "fast-check"
import { anyRequest, type AskedRequest } from "./anyRequest.ts"
import { judgeAnswers } from "./judgeAnswers.ts"
import { nameOf, readOpenApi } from "./OpenApi.ts"
import { openRequestHost, type RequestHost } from "./RequestHost.ts"

/** What came of random requests. */
export interface Asked {
  readonly requests: number
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>
  /** The operations that were answered well (2xx) at least once. */
  readonly succeeded: ReadonlyArray<string>
  readonly operations: ReadonlyArray<string>
  /** What was wrong and with which request, in its smallest form. */
  readonly problem: string | undefined
  readonly seed: number
}

/** Sends random requests, one after the other, to a host that remembers what they did. */
export const askAnything = async (
  requests: number,
  seed = Math.trunc(Math.random() * 2 ** 31),
  options: Parameters<typeof openRequestHost>[0] = {},
): Promise<Asked> => {
  await using host = await openRequestHost(options)
  const api = readOpenApi(await host.document())
  const judge = judgeAnswers(api)
  const statuses: Record<string, number> = {}
  const succeeded = new Set<string>()
  const before = await host.foreignRows()

  const details = await fc.check(
    fc.asyncProperty(anyRequest(api, host.known), async (request) => {
      const { contentType, status, text } = await answerOf(host, request)
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status < 300) succeeded.add(nameOf(request.operation))
      if (host.isForeign(text)) throw new Error(`A foreign row: ${text}`)
      const problem = judge(request.operation, status, contentType, text)
      if (problem !== undefined) throw new Error(problem)
    }),
    { seed, numRuns: requests, endOnFailure: false },
  )
  const isUntouched = (await host.foreignRows()) === before
  return {
    requests: details.numRuns,
    statuses,
    succeeded: [...succeeded],
    operations: api.operations.map(nameOf),
    problem: details.failed
      ? describeFailure(details)
      : isUntouched
        ? undefined
        : "The other organization's rows were changed.",
    seed,
  }
}

/** Nothing in the API takes as long: an answer that does not come is none. */
const answerMs = 30_000

const answerOf = (host: RequestHost, request: AskedRequest) => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error("There was no answer.")), answerMs)
  return Promise.race([host.ask(request), late.promise]).finally(() => clearTimeout(timer))
}

const describeFailure = ({
  counterexample,
  errorInstance,
  seed,
}: {
  readonly counterexample: [AskedRequest] | null
  readonly errorInstance: unknown
  readonly seed: number
}): string => {
  const [request] = counterexample ?? []
  const { operation, ...sent } = request ?? {}
  const route = operation === undefined ? "" : nameOf(operation)
  return `${route}: ${String(errorInstance)} (seed ${seed}) ${JSON.stringify(sent)}`.slice(0, 4_000)
}

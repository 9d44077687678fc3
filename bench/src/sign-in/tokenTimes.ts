import * as Schema from "effect/Schema"
import { type PerformanceEntry, PerformanceObserver } from "node:perf_hooks"
import type { BenchContext } from "../Bench.ts"

/**
 * How long the token endpoints of this process took, from the head of a request to the end of its answer, in
 * milliseconds and all together since the last call.
 */
export const tokenTimes = ({ resources }: BenchContext): (() => number) => {
  let millis = 0
  const add = (entries: ReadonlyArray<PerformanceEntry>) => {
    for (const entry of entries) if (isTokenRequest(entry)) millis += entry.duration
  }
  const observer = new PerformanceObserver((list) => add(list.getEntries()))
  observer.observe({ entryTypes: ["http"] })
  resources.defer(() => observer.disconnect())
  return () => {
    add(observer.takeRecords())
    const taken = millis
    millis = 0
    return taken
  }
}

const isTokenRequest = Schema.is(
  Schema.Struct({
    name: Schema.Literal("HttpRequest"),
    detail: Schema.Struct({ req: Schema.Struct({ url: Schema.Literal("/token") }) }),
  }),
)

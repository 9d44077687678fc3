import * as Schema from "effect/Schema"

/** How many calls to make, and how many of them at a time. */
export const Batch = Schema.Struct({ calls: Schema.Int, atOnce: Schema.Int })
export type Batch = typeof Batch.Type

/** What a batch took: by the clock, and of the processor's time in the process that made it. */
export const BatchTimes = Schema.Struct({ millis: Schema.Number, cpuMillis: Schema.Number })
export type BatchTimes = typeof BatchTimes.Type

/** Makes the calls of a batch. */
export const runBatch = async (call: () => Promise<void>, { atOnce, calls }: Batch): Promise<BatchTimes> => {
  const cpu = process.cpuUsage()
  const start = performance.now()
  let left = calls
  const caller = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
  const millis = performance.now() - start
  const { system, user } = process.cpuUsage(cpu)
  return { millis, cpuMillis: (user + system) / 1000 }
}

import { readdirSync, readFileSync } from "node:fs"
import { setImmediate } from "node:timers/promises"

/** What the process holds at a moment when nobody uses it. */
export interface SoakSample {
  /** Since the soak began. */
  readonly minutes: number
  /** In MiB, as the next. */
  readonly heap: number
  readonly resident: number
  /** What keeps an event loop going: sockets, timers, requests. */
  readonly resources: number
  /** Open files; null where the system does not tell. */
  readonly files: number | null
  readonly children: number | null
}

const mebibyte = 1024 * 1024

export const takeSample = async (startedAt: number): Promise<SoakSample> => {
  if (globalThis.gc === undefined) throw new Error("Start it with --expose-gc.")
  // What the first round lets go of may have held something.
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc()
    await setImmediate()
  }
  const { external, heapUsed, rss } = process.memoryUsage()
  return {
    minutes: (performance.now() - startedAt) / 60_000,
    heap: (heapUsed + external) / mebibyte,
    resident: rss / mebibyte,
    resources: process.getActiveResourcesInfo().length,
    files: ifKnown(() => readdirSync("/proc/self/fd").length),
    children: ifKnown(
      () => readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean).length,
    ),
  }
}

const ifKnown = (count: () => number): number | null => {
  try {
    return count()
  } catch {
    return null
  }
}

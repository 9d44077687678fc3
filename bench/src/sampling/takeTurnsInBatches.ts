import type { Measured } from "../Bench.ts"
import type { Batch, BatchTimes } from "../processes/Batch.ts"
import { shuffled } from "./shuffled.ts"
import type { Turns } from "./takeTurns.ts"

/** One of those that are compared by many calls at a time, which it makes in a process of its own. */
export interface BatchContestant {
  readonly name: string
  readonly run: (batch: Batch) => Promise<BatchTimes>
}

export interface BatchMeasured {
  /** Calls in a second, of each batch. */
  readonly throughput: Measured
  /** The processor's time for one call in milliseconds, of each batch. */
  readonly cpu: Measured
}

export interface BatchTurns extends Pick<Turns, "rounds"> {
  readonly atOnce: number
  /** How long each contestant calls before it is measured: what is compiled late is compiled by then. */
  readonly warmUpMillis: number
  /** How long a batch is to take: every contestant makes as many calls as it manages in that time. */
  readonly millis: number
}

/** As `takeTurns`, with a batch of calls for each sample: one call is too short, and none is alone at a host. */
export const takeTurnsInBatches = async (
  contestants: ReadonlyArray<BatchContestant>,
  { atOnce, millis, rounds, warmUpMillis }: BatchTurns,
): Promise<(contestant: BatchContestant) => BatchMeasured> => {
  const entries: Array<Entry> = []
  for (const contestant of contestants) {
    const calls = await warmUp(contestant, { atOnce, millis, warmUpMillis })
    entries.push({ contestant, calls, throughput: [], cpu: [] })
  }
  for (let round = 0; round < rounds; round++) {
    for (const { calls, contestant, cpu, throughput } of shuffled(entries)) {
      const times = await contestant.run({ calls, atOnce })
      throughput.push((1000 * calls) / times.millis)
      cpu.push(times.cpuMillis / calls)
    }
  }
  return (contestant) => {
    const entry = entries.find((candidate) => candidate.contestant === contestant)
    if (entry === undefined) throw new Error(`${contestant.name} took no turns`)
    const { cpu, throughput } = entry
    const { name } = contestant
    return { throughput: { name, samples: throughput }, cpu: { name, samples: cpu } }
  }
}

interface Entry {
  readonly contestant: BatchContestant
  /** In each batch. */
  readonly calls: number
  readonly throughput: Array<number>
  readonly cpu: Array<number>
}

/** Gives how many calls the contestant makes in the time of a batch, once it is warm. */
const warmUp = async (
  contestant: BatchContestant,
  { atOnce, millis, warmUpMillis }: Omit<BatchTurns, "rounds">,
): Promise<number> => {
  const end = performance.now() + warmUpMillis
  let calls = atOnce
  do {
    const times = await contestant.run({ calls, atOnce })
    // The first batches open connections: what they take says little of the next ones.
    calls = Math.max(atOnce, Math.min(Math.round((calls * millis) / times.millis), 4 * calls))
  } while (performance.now() < end)
  return calls
}

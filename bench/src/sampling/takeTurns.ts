import type { Measured } from "../Bench.ts"
import { shuffled } from "./shuffled.ts"

/** One of those that are compared. */
export interface Contestant {
  readonly name: string
  /** What a sample needs first. Its time is not counted. */
  readonly arrange?: () => Promise<void>
  readonly act: () => Promise<unknown>
  /** How many milliseconds of the last act were spent on what is not measured. */
  readonly uncounted?: () => number
}

export interface Turns {
  readonly rounds: number
  /** Rounds before, which are not counted: code is compiled and caches are filled in them. */
  readonly warmUp: number
}

/**
 * Takes one sample of each contestant in every round, in another order each time: whatever else the machine does, it
 * does to all of them. Gives what was measured of each.
 */
export const takeTurns = async (
  contestants: ReadonlyArray<Contestant>,
  { rounds, warmUp }: Turns,
): Promise<(contestant: Contestant) => Measured> => {
  const samples = new Map(contestants.map((contestant) => [contestant, new Array<number>()]))
  for (let round = -warmUp; round < rounds; round++) {
    for (const contestant of shuffled(contestants)) {
      await contestant.arrange?.()
      const start = performance.now()
      await contestant.act()
      const time = performance.now() - start - (contestant.uncounted?.() ?? 0)
      if (round >= 0) samples.get(contestant)?.push(time)
    }
  }
  return (contestant) => ({ name: contestant.name, samples: samples.get(contestant) ?? [] })
}

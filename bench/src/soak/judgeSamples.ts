import { median } from "../sampling/statistics.ts"
import type { SoakSample } from "./SoakSample.ts"

/** Whether what was measured stays where it was. */
export interface Judgement {
  readonly what: string
  readonly from: number
  readonly to: number
  /** In an hour, in the unit of what was measured. */
  readonly slope: number
  readonly isFlat: boolean
}

/** Caches and compiled code fill up at first. */
const warmUp = 0.25

/** What may be added while it is watched, of what is there. */
const tolerance = 0.05

/**
 * Judges what a process holds: memory by the median of the slopes between any two samples, which single ones do not
 * throw off; what is counted by its median in the first and in the last third.
 */
export const judgeSamples = (samples: ReadonlyArray<SoakSample>): ReadonlyArray<Judgement> => {
  const steady = samples.slice(Math.floor(samples.length * warmUp))
  const heap = judge("heap (MiB)", steady, ({ heap }) => heap)
  const span = (steady.at(-1)?.minutes ?? 0) - (steady[0]?.minutes ?? 0)
  const counted = (
    [
      ["active resources", ({ resources }) => resources],
      ["open files", ({ files }) => files],
      ["children", ({ children }) => children],
    ] satisfies ReadonlyArray<[string, (sample: SoakSample) => number | null]>
  ).map(([what, of]) => {
    const one = judge(what, steady, (sample) => of(sample) ?? 0)
    return { ...one, isFlat: one.to <= one.from + 1 }
  })
  return [
    { ...heap, isFlat: steady.length > 4 && (heap.slope / 60) * span <= tolerance * heap.from },
    judge("resident (MiB), not judged", steady, ({ resident }) => resident),
    ...counted,
  ]
}

const judge = (
  what: string,
  samples: ReadonlyArray<SoakSample>,
  of: (sample: SoakSample) => number,
): Judgement => {
  const third = Math.max(1, Math.floor(samples.length / 3))
  const slopes = samples.flatMap((early, at) =>
    samples.slice(at + 1).map((late) => (of(late) - of(early)) / (late.minutes - early.minutes)),
  )
  return {
    what,
    from: median(samples.slice(0, third).map(of)),
    to: median(samples.slice(-third).map(of)),
    slope: slopes.length === 0 ? 0 : median(slopes) * 60,
    isFlat: true,
  }
}

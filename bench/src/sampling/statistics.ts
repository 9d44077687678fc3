/** The value below which a part of the samples lies, between two of them where none is there. */
export const quantile = (samples: ReadonlyArray<number>, part: number): number => {
  const sorted = samples.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * part
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) throw new Error("There are no samples")
  return below + (above - below) * (position - Math.floor(position))
}

export const median = (samples: ReadonlyArray<number>): number => quantile(samples, 0.5)

export interface Ratio {
  readonly value: number
  /** Between these it lies with 95 percent of the rounds that chance could have given as well. */
  readonly low: number
  readonly high: number
}

const resamples = 300

/**
 * The ratio of two medians, with a bootstrap interval: rounds are drawn whole, because what disturbed the machine in
 * one disturbed both.
 */
export const ratioOfMedians = (
  measured: ReadonlyArray<number>,
  baseline: ReadonlyArray<number>,
  random: () => number = Math.random,
): Ratio => {
  const rounds = Math.min(measured.length, baseline.length)
  const ratios = Array.from({ length: resamples }, () => {
    const drawn = Array.from({ length: rounds }, () => Math.floor(random() * rounds))
    return median(drawn.map((at) => measured[at] ?? 0)) / median(drawn.map((at) => baseline[at] ?? 0))
  })
  return {
    value: median(measured) / median(baseline),
    low: quantile(ratios, 0.025),
    high: quantile(ratios, 0.975),
  }
}

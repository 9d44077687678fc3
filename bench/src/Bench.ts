/** Something that is promised about speed, and how it is measured. */
export interface Bench {
  /** The words that `pnpm bench <words>` selects it by; the first is the part of Mooring that it measures. */
  readonly name: string
  /** What is measured, for the reader of the results. */
  readonly about: string
  readonly run: (context: BenchContext) => Promise<ReadonlyArray<Finding>>
}

export interface BenchContext {
  /** Is disposed of when all benches have run: what they share is opened once. */
  readonly resources: AsyncDisposableStack
  /** Names software whose version matters for the results, as in `SQLite 3.53.4`. */
  readonly uses: (software: string) => void
}

/** What came out. */
export type Finding = Comparison | Count | Time

/** Two that took turns. The ratio is that of their medians: times alone say more about the machine. */
export interface Comparison {
  readonly type: "comparison"
  readonly what: string
  readonly baseline: Measured
  readonly measured: Measured
  /** What the samples are. Default: times in milliseconds. */
  readonly unit?: Unit
  /** What the ratio, measured to baseline, must be; without it, it is only reported. */
  readonly goal?: Goal
}

export type Unit = "ms" | "calls/s" | "KB"

/** Samples in the order of the rounds: times of single calls in milliseconds, where nothing else is said. */
export interface Measured {
  readonly name: string
  readonly samples: ReadonlyArray<number>
}

/** Something that is the same on every machine. */
export interface Count {
  readonly type: "count"
  readonly what: string
  readonly value: number
  readonly goal?: Goal
}

/** A time that is promised as such, because machines differ by far less than what is allowed. */
export interface Time {
  readonly type: "time"
  readonly what: string
  readonly measured: Measured
  /** Which of the samples counts, from the fastest to the slowest: 0.5 is the median. */
  readonly part: number
  /** In milliseconds. */
  readonly goal?: Goal
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number }

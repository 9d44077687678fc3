/** Random numbers that a seed repeats: https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
export interface SeededRandom {
  /** From `least` to `most`, both included. */
  readonly integer: (least: number, most: number) => number
  readonly pick: <const A>(candidates: readonly [A, ...ReadonlyArray<A>]) => A
}

export const seededRandom = (seed: number): SeededRandom => {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return { integer, pick: (candidates) => candidates[integer(0, candidates.length - 1)] ?? candidates[0] }
}

/** `MOORING_FAULT_SEED` repeats a run that failed. */
export const chooseSeed = (): number =>
  Number(process.env["MOORING_FAULT_SEED"] ?? Math.floor(Math.random() * 2 ** 31))

/** As many values, each made of its number. */
export const times = <A>(count: number, make: (index: number) => A): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, index) => make(index))

/** The numbers of so many rounds. */
export const rounds = (count: number): ReadonlyArray<number> => times(count, (round) => round)

import type { BenchContext } from "../Bench.ts"

/** Something that takes long to set up, for all benches that need it: it is opened by the first one. */
export const shared = <A>(
  open: (context: BenchContext) => Promise<A>,
): ((context: BenchContext) => Promise<A>) => {
  let opened: Promise<A> | undefined
  return (context) => (opened ??= open(context))
}

import { vi } from "vitest"

/** Waits until a count has been above zero and the same for ten polls, and returns it. */
export const settled = async (count: () => number): Promise<number> => {
  let last = count()
  let same = 0
  await vi.waitFor(
    () => {
      const now = count()
      same = now === last && now > 0 ? same + 1 : 0
      last = now
      if (same < 10) throw new Error(`still changing: ${now}`)
    },
    { timeout: 10_000, interval: 20 },
  )
  return last
}

import { vi } from "vitest"

/** Moves the time of this process ahead, timers aside: they go on. */
export const clockAhead = (): Disposable & { readonly move: (millis: number) => void } => {
  const now = Date.now
  let ahead = 0
  const spy = vi.spyOn(Date, "now").mockImplementation(() => now.call(Date) + ahead)
  return {
    move: (millis) => {
      ahead += millis
    },
    [Symbol.dispose]: () => spy.mockRestore(),
  }
}

import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { reconnectionScheduler } from "../../src/transport/reconnectionScheduler.ts"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test("a server that would be asked again at once is asked five times in a minute", () => {
  const schedule = reconnectionScheduler()
  let reconnects = 0
  const again = () => {
    reconnects += 1
    schedule(again, 0, reconnects)
  }
  schedule(again, 0, 0)
  vi.advanceTimersByTime(59_999)
  expect(reconnects).toBe(5)
  vi.advanceTimersByTime(60_000)
  expect(reconnects).toBe(10)
})

test("a wish that is within that is granted, and can be taken back", () => {
  const schedule = reconnectionScheduler()
  const reconnect = vi.fn<() => void>()
  const cancel = schedule(reconnect, 300, 0)
  vi.advanceTimersByTime(299)
  expect(reconnect).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(reconnect).toHaveBeenCalledOnce()
  const other = schedule(reconnect, 300, 1)
  cancel?.()
  other?.()
  vi.advanceTimersByTime(60_000)
  expect(reconnect).toHaveBeenCalledOnce()
})

test.each([3_000_000_000, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
  "a wish of %d ms, past what a timer can hold, is a minute",
  (delay) => {
    const schedule = reconnectionScheduler()
    const reconnect = vi.fn<() => void>()
    schedule(reconnect, delay, 0)
    vi.advanceTimersByTime(59_999)
    expect(reconnect).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(reconnect).toHaveBeenCalledOnce()
  },
)

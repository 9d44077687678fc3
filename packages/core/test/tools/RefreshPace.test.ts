import { expect, test } from "vitest"
import { dueAt, initialPace, refreshed } from "../../src/tools/RefreshPace.ts"

test("what changes together is told in one, and not later than five seconds after the first word", () => {
  expect(dueAt(initialPace, 1_000, 1_000)).toBe(1_500)
  expect(dueAt(initialPace, 1_000, 4_000)).toBe(4_500)
  expect(dueAt(initialPace, 1_000, 9_000)).toBe(6_000)
})

/** The times of refreshes within an hour by a server that never stops saying that its tools have changed. */
const refreshesInAnHour = (isChanged: boolean) => {
  const times: Array<number> = []
  let pace = initialPace
  for (let now = 0; ;) {
    now = dueAt(pace, now, now)
    if (now > 3_600_000) return times
    times.push(now)
    pace = refreshed(pace, now, isChanged)
  }
}

test("a server that never stops is listened to less and less", () => {
  const times = refreshesInAnHour(false)
  expect(times.slice(0, 4)).toStrictEqual([500, 5_500, 15_500, 35_500])
  expect(times.length).toBeLessThan(20)
})

test("one whose tools do change is listened to twice a minute", () => {
  const times = refreshesInAnHour(true)
  expect(times.length).toBeGreaterThan(115)
  expect(times.length).toBeLessThan(125)
})

test("after a calm time it is listened to at once", () => {
  let pace = initialPace
  for (let again = 0; again < 10; again += 1) pace = refreshed(pace, pace.notBefore, false)
  const later = pace.notBefore + 600_001
  expect(dueAt(pace, later, later)).toBe(later + 500)
  expect(refreshed(pace, later, false)).toStrictEqual({ notBefore: later + 5_000, streak: 1 })
})

import { expect, test } from "vitest"
import { callDeadline, longest } from "../../src/sessions/callDeadline.ts"

const limits = { runTimeoutMs: 55_000, runMaxMs: 600_000 }

test("without a sign of life a call has the time of one that nobody follows", () => {
  expect(callDeadline(1_000, 1_000, limits)).toBe(56_000)
})

test("progress puts the end off, up to the maximum", () => {
  expect(callDeadline(1_000, 41_000, limits)).toBe(96_000)
  expect(callDeadline(1_000, 546_000, limits)).toBe(601_000)
  expect(callDeadline(1_000, 600_999, limits)).toBe(601_000)
})

test("a maximum below the ordinary time shortens nothing", () => {
  const short = { runTimeoutMs: 900_000, runMaxMs: 600_000 }
  expect(longest(short)).toBe(900_000)
  expect(callDeadline(0, 0, short)).toBe(900_000)
  expect(callDeadline(0, 500_000, short)).toBe(900_000)
})

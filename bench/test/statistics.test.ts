import { expect, test } from "vitest"
import { median, quantile, ratioOfMedians } from "../src/sampling/statistics.ts"

test("quantiles lie between samples where none is at their place", () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20)
  expect(quantile([1, 2], 0.75)).toBe(1.75)
  expect(() => median([])).toThrow("no samples")
})

test("the interval of a ratio is narrow where the rounds agree, although they differ", () => {
  const baseline = Array.from({ length: 101 }, (_, round) => 1 + (round % 2) * 9)
  const { high, low, value } = ratioOfMedians(
    baseline.map((time) => time * 2),
    baseline,
  )
  expect([low, value, high]).toStrictEqual([2, 2, 2])
})

test("the interval of a ratio is wide where the rounds don't agree", () => {
  const baseline = Array.from({ length: 20 }, () => 1)
  const measured = baseline.map((_, round) => 1 + round)
  const { high, low, value } = ratioOfMedians(measured, baseline)
  expect(low).toBeLessThan(value - 1)
  expect(high).toBeGreaterThan(value + 1)
})

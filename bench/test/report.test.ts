import { expect, test } from "vitest"
import type { Finding } from "../src/Bench.ts"
import { describe } from "../src/report/describe.ts"
import { table } from "../src/report/table.ts"

const comparison = (goal: Finding["goal"]): Finding => ({
  type: "comparison",
  what: "reading",
  baseline: { name: "a", samples: [0.01, 0.01, 0.01] },
  measured: { name: "b", samples: [15, 15, 15] },
  ...(goal && { goal }),
})

test("a finding says what was compared, by how much it differs and whether it should", () => {
  expect(describe(comparison({ atMost: 1.3 }))).toStrictEqual({
    cells: ["reading", "a: 10.0 µs (10.0–10.0)", "b: 15.0 ms (15.0–15.0)", "1500 (1500–1500)", "≤ 1.3", "✗"],
    isMissed: true,
  })
  expect(describe(comparison({ atLeast: 20 }))).toMatchObject({ isMissed: false })
  expect(describe(comparison(undefined)).cells.slice(-2)).toStrictEqual(["", ""])
  expect(describe({ type: "count", what: "statements", value: 0, goal: { atMost: 0 } })).toStrictEqual({
    cells: ["statements", "", "0", "", "≤ 0", "✓"],
    isMissed: false,
  })
})

test("samples are told in their unit", () => {
  const rate: Finding = {
    type: "comparison",
    what: "runs",
    unit: "calls/s",
    baseline: { name: "a", samples: [0.5, 0.5, 0.5] },
    measured: { name: "b", samples: [1200, 1200, 1200] },
  }
  expect(describe(rate).cells.slice(1, 3)).toStrictEqual([
    "a: 0.50 calls/s (0.50–0.50)",
    "b: 1200 calls/s (1200–1200)",
  ])
})

test("a time that is promised as such is the one below which a part of the samples lies", () => {
  const measured = { name: "b", samples: [0.5, 20, 150] }
  expect(describe({ type: "time", what: "half", measured, part: 0.5, goal: { atMost: 100 } })).toStrictEqual({
    cells: ["half", "", "b: 20.0 ms", "", "≤ 100 ms", "✓"],
    isMissed: false,
  })
  expect(describe({ type: "time", what: "all", measured, part: 1, goal: { atMost: 100 } })).toMatchObject({
    isMissed: true,
  })
  expect(describe({ type: "time", what: "the fastest", measured, part: 0 }).cells).toStrictEqual([
    "the fastest",
    "",
    "b: 500 µs",
    "",
    "",
    "",
  ])
})

test("columns stand below each other", () => {
  expect(table(["", "goal"], [["reading", "≤ 1.3"]])).toBe(
    ["|         | goal  |", "| ------- | ----- |", "| reading | ≤ 1.3 |"].join("\n"),
  )
})

import { expect, test } from "vitest"
import type { Bench } from "../src/Bench.ts"
import { results } from "../src/report/results.ts"

const ran = (name: string, value: string, isMissed = false) => {
  const bench: Bench = { name, about: "What is measured.", run: async () => [] }
  return {
    bench,
    findings: [{ cells: ["what", "", value, "", "≤ 1", isMissed ? "✗" : "✓"] as const, isMissed }],
    date: new Date("2026-01-02T00:00:00Z"),
    machine: "A machine.",
    load: "0.5",
    seconds: 3,
  }
}

const texts = { title: "A page", command: "pnpm page", about: "What it is.", howToRun: "By the command." }
const names = ["a: first", "b: second"]

test("a bench that has not run keeps its section, and the order is always the same", () => {
  const second = results(texts, names, [ran("b: second", "2")], "")
  expect(second).toContain("every goal is met")
  const both = results(texts, names, [ran("a: first", "1", true)], second)
  expect(both.match(/^## .*/gm)).toStrictEqual(["## a: first", "## b: second", "## How to run it"])
  expect(both).toContain("1 missed")
  expect(both).toContain(
    "Measured on 2026-01-02, in 3 s. A machine. The machine's load was 0.5 when it began.",
  )
  const again = results(texts, names, [ran("a: first", "3")], both)
  expect(again).not.toContain("✗")
  expect(again.match(/^## .*/gm)).toHaveLength(3)
})

test("a bench that is no more loses its section", () => {
  expect(results(texts, ["a: first"], [], results(texts, names, [ran("b: second", "2")], ""))).not.toContain(
    "second",
  )
})

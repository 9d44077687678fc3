import { expect, test } from "vitest"
import { exceedsDepth } from "../../src/security/exceedsDepth.ts"

const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { value } : [value]
  return value
}

test.each([
  [1, 0, false],
  ["text", 0, false],
  [null, 0, false],
  [{}, 0, true],
  [[], 1, false],
  [[[]], 1, true],
  [{ a: 1, b: { c: [] } }, 3, false],
  [{ a: 1, b: { c: [] } }, 2, true],
])("%j at most %d deep: %s", (value, maxDepth, expected) => {
  expect(exceedsDepth(value, maxDepth)).toBe(expected)
})

test("a million levels are no trouble", () => {
  expect(exceedsDepth(nested(1_000_000), 1_000_000)).toBe(false)
  expect(exceedsDepth(nested(1_000_000), 999_999)).toBe(true)
})

test("a wide value is no trouble", () => {
  expect(
    exceedsDepth(
      Array.from({ length: 1_000_000 }, () => []),
      2,
    ),
  ).toBe(false)
})

import { expect, test } from "vitest"
import { withFiniteNumbers } from "../../src/security/withFiniteNumbers.ts"

test("a number too large for JSON is null, wherever it is, and all else stays", () => {
  expect(withFiniteNumbers(JSON.parse('{"a": [1, {"b": -1e400}], "c": "1e400"}'))).toStrictEqual({
    a: [1, { b: null }],
    c: "1e400",
  })
  expect(withFiniteNumbers(Number.NaN)).toBeNull()
})

test("a value without one is the same object", () => {
  const value = { a: [1.5, null, true, "text", { b: {} }] }
  expect(withFiniteNumbers(value)).toBe(value)
  expect(withFiniteNumbers(undefined)).toBeUndefined()
})

import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import { expect, test } from "vitest"
import { endsSoon } from "../../src/oauth/endsSoon.ts"

const now = Date.UTC(2026, 6, 28, 12)
const endingAt = (millis: number | null, lifetime = 3_600_000) => ({
  accessToken: Redacted.make("token"),
  refreshToken: null,
  scope: null,
  issuedAt: DateTime.makeUnsafe((millis ?? now) - lifetime),
  expiresAt: millis === null ? null : DateTime.makeUnsafe(millis),
})

test.each([
  [-1, true],
  [0, true],
  [29_999, true],
  [30_000, true],
  [30_001, false],
  [3_600_000, false],
])("a token with %i ms to go", (left, soon) => {
  expect(endsSoon(endingAt(now + left), now)).toBe(soon)
})

test.each([
  [120_000, 30_001, false],
  [120_000, 30_000, true],
  [60_000, 15_001, false],
  [60_000, 15_000, true],
  [30_000, 30_000, false],
  [30_000, 7_500, true],
  [1_000, 1_000, false],
  [1_000, 250, true],
  // Clocks that were set back.
  [-5_000, 1, false],
  [0, 0, true],
])("a token of %i ms with %i ms to go", (lifetime, left, soon) => {
  expect(endsSoon(endingAt(now + left, lifetime), now)).toBe(soon)
})

test("a token of which nothing is said is good until it is refused", () => {
  expect(endsSoon(endingAt(null), now)).toBe(false)
})

import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import { expect, test } from "vitest"
import { endsSoon } from "../../src/oauth/endsSoon.ts"

const now = Date.UTC(2026, 6, 28, 12)
const endingAt = (millis: number | null) => ({
  accessToken: Redacted.make("token"),
  refreshToken: null,
  scope: null,
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

test("a token of which nothing is said is good until it is refused", () => {
  expect(endsSoon(endingAt(null), now)).toBe(false)
})

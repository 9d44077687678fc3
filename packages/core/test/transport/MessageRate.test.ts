import { expect, test } from "vitest"
import { MessageRate } from "../../src/transport/MessageRate.ts"

const rateAt = (perSecond: number, burst: number) => {
  let now = 0
  return {
    rate: new MessageRate(perSecond, burst, () => now),
    pass: (millis: number) => {
      now += millis
    },
  }
}

test("so many may come at once, and then one at a time", () => {
  const { pass, rate } = rateAt(10, 3)
  expect([rate.take(), rate.take(), rate.take()]).toStrictEqual([0, 0, 0])
  expect(rate.take()).toBe(100)
  pass(60)
  expect(rate.take()).toBeCloseTo(40)
  pass(40)
  expect([rate.take(), rate.take()]).toStrictEqual([0, 100])
})

test("a long silence saves up no more than that", () => {
  const { pass, rate } = rateAt(10, 3)
  pass(3_600_000)
  expect([rate.take(), rate.take(), rate.take(), rate.take()]).toStrictEqual([0, 0, 0, 100])
})

test("what was asked for does not count", () => {
  const { rate } = rateAt(1, 1)
  for (let answer = 0; answer < 1_000; answer += 1) rate.give()
  for (let answer = 0; answer < 1_001; answer += 1) expect(rate.take()).toBe(0)
  expect(rate.take()).toBe(1_000)
})

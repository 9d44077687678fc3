import * as Redacted from "effect/Redacted"
import { expect, test } from "vitest"
import { StderrTail } from "../../src/transport/stdio/StderrTail.ts"

test("keeps the end, and no more", () => {
  const tail = new StderrTail(10, [])
  for (const part of ["one ", "two ", "three ", "four"]) tail.write(Buffer.from(part))
  expect(tail.text()).toBe("three four")
  tail.write(Buffer.from("a chunk longer than all"))
  expect(tail.text()).toBe("r than all")
})

test("secrets and the terminal's escapes do not come through", () => {
  const tail = new StderrTail(1_000, [Redacted.make("canary-token"), Redacted.make("1")])
  tail.write(Buffer.from("\u001b[31mdenied\u001b[0m: canary-token\u0007 is 1 of 11\n"))
  expect(tail.text()).toBe("denied: •••• is 1 of 11")
})

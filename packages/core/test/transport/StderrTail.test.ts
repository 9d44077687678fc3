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

test("a secret is found behind escapes and control characters, and where the text is cut", () => {
  const tail = (limit: number) => new StderrTail(limit, [Redacted.make("sekret-token-1234")])
  for (const hidden of ["sekret\u001b[0m-token-1234", "sekret-\u0001token-1234", "sekret-token\u009b-1234"]) {
    const written = tail(1_000)
    written.write(Buffer.from(`with ${hidden} in it`))
    expect(written.text()).toBe("with •••• in it")
  }
  for (let limit = 1; limit < 60; limit += 1) {
    const cut = tail(limit)
    cut.write(Buffer.from(`${"x".repeat(40)}sekret-token-1234${".".repeat(20)}`))
    expect(cut.text()).not.toMatch(/token|1234|34\./)
  }
})

import { createMooring } from "@mooring/core"
import { expect, test } from "vitest"

test("the adapters need not make a stream of a body for Mooring, and must for who wraps it", async () => {
  const mooring = createMooring({ actor: "single-user" })
  const mark = Symbol.for("@mooring/readsBodiesByMethod")
  expect(mark in mooring.fetch).toBe(true)
  const wrapped = { ...mooring, fetch: (request: Request) => mooring.fetch(new Request(request)) }
  expect(mark in wrapped.fetch).toBe(false)
  await mooring.close()
})

import { expect, test } from "vitest"
import { InFlight } from "../src/InFlight.ts"

test("what has ended is gone, and the others stay, in whatever order they end", () => {
  const inFlight = new InFlight<string>()
  for (const name of ["one", "two", "three", "four"]) inFlight.add(name)
  expect(inFlight.delete("two")).toBe(true)
  expect(inFlight.delete("two")).toBe(false)
  expect([...inFlight].toSorted()).toStrictEqual(["four", "one", "three"])
  expect(inFlight.find((name) => name.startsWith("th"))).toBe("three")
  expect(inFlight.find((name) => name === "two")).toBeUndefined()
  for (const name of inFlight) expect(inFlight.delete(name)).toBe(true)
  expect(inFlight.size).toBe(0)
  expect(inFlight.delete("four")).toBe(false)
})

import { describe, expect, test } from "vitest"
import { forbiddenTargets, publicTargets } from "../../src/battery/egress/ForbiddenTargets.ts"
import { steerEverywhere } from "../../src/battery/egress/steerEverywhere.ts"
import { openInternet } from "../../src/battery/egress/TestInternet.ts"
import { waysToSteer } from "../../src/battery/egress/waysToSteer.ts"

// All of it, by every way and every target, is `pnpm battery egress`.

const every = <A>(items: ReadonlyArray<A>, step: number) => items.filter((_, at) => at % step === 0)
const followed = waysToSteer.filter(({ name }) => name.includes("guarded fetch"))

test("every forbidden target is refused by the guarded fetch, and no public one", async () => {
  expect(forbiddenTargets.length).toBeGreaterThanOrEqual(80)
  const { idle, reached, refused } = await steerEverywhere(followed, forbiddenTargets, publicTargets, [
    "literal",
    "name",
  ])
  expect({ idle, reached, refused }).toStrictEqual({ idle: [], reached: [], refused: [] })
})

describe("a server that steers by", () => {
  test.each(waysToSteer)("$name reaches nobody who is forbidden", async (way) => {
    const steered = await steerEverywhere([way], every(forbiddenTargets, 58), every(publicTargets, 30))
    expect(steered).toMatchObject({ idle: [], reached: [], refused: [] })
  })
})

test("what is not stopped is seen", async () => {
  await using internet = await openInternet(
    () => false,
    () => {},
  )
  internet.name("n.example", ["10.0.0.1"])
  await Promise.allSettled([
    fetch("http://10.0.0.2/"),
    fetch("https://n.example/"),
    fetch("http://[::1]:4242/"),
  ])
  expect(internet.dialled.map(({ address, port }) => `${address} ${port}`).toSorted()).toStrictEqual([
    "10.0.0.1 443",
    "10.0.0.2 80",
    "::1 4242",
  ])
})

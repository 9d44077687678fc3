import { expect, test } from "vitest"
import { type Contestant, takeTurns } from "../src/sampling/takeTurns.ts"

const recorder = () => {
  const acts: Array<string> = []
  const contestant = (name: string): Contestant => ({
    name,
    arrange: () => new Promise((resolve) => setTimeout(resolve, 1)),
    act: () => Promise.resolve(acts.push(name)),
  })
  return { acts, contestant }
}

test("each acts once in every round, not always in the same order", async () => {
  const { acts, contestant } = recorder()
  await takeTurns([contestant("a"), contestant("b"), contestant("c")], { rounds: 30, warmUp: 0 })
  const rounds = Array.from({ length: 30 }, (_, round) => acts.slice(3 * round, 3 * round + 3))
  for (const round of rounds) expect(round.toSorted()).toStrictEqual(["a", "b", "c"])
  expect(new Set(rounds.map((round) => round.join(""))).size).toBeGreaterThan(1)
})

test("neither the warming up nor what is arranged is counted", async () => {
  const { acts, contestant } = recorder()
  const quick = contestant("quick")
  const measured = await takeTurns([quick], { rounds: 20, warmUp: 5 })
  expect(acts).toHaveLength(25)
  const { name, samples } = measured(quick)
  expect(name).toBe("quick")
  expect(samples).toHaveLength(20)
  expect(Math.min(...samples)).toBeLessThan(1)
})

test("what is not measured is taken off the time of the act", async () => {
  const { contestant } = recorder()
  const quick: Contestant = { ...contestant("quick"), uncounted: () => 1_000_000 }
  const measured = await takeTurns([quick], { rounds: 3, warmUp: 0 })
  // Whatever it took by itself.
  expect(Math.max(...measured(quick).samples)).toBeLessThan(0)
})

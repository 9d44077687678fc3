import { expect, test } from "vitest"
import { type BatchContestant, takeTurnsInBatches } from "../src/sampling/takeTurnsInBatches.ts"

test("every sample is what a batch made of a second and of the processor, for each call", async () => {
  const batches: Array<number> = []
  const contestant: BatchContestant = {
    name: "even",
    run: async ({ calls }) => {
      batches.push(calls)
      return { millis: calls * 2, cpuMillis: calls }
    },
  }
  const measured = await takeTurnsInBatches([contestant], {
    rounds: 3,
    atOnce: 4,
    millis: 100,
    warmUpMillis: 20,
  })
  expect(measured(contestant)).toStrictEqual({
    throughput: { name: "even", samples: [500, 500, 500] },
    cpu: { name: "even", samples: [1, 1, 1] },
  })
  // As many as fit into the time that a batch is to take, found in steps.
  expect(batches[0]).toBe(4)
  expect(batches.slice(-3)).toStrictEqual([50, 50, 50])
})

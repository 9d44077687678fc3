import type { Bench, Finding } from "../../Bench.ts"
import { fullSizes } from "./HeavyCase.ts"
import { weighAnswers } from "./weighAnswers.ts"

/** Whether an answer that is too much costs the host more than it should. */
export const heavyAnswers: Bench = {
  name: "answers: too large, too many, too deep",
  about:
    "A host with the default limits (but 5 s for a run and 10 s for a list), an MCP server that answers more than anybody can take, and a host that does nothing, in a process each. The memory is the most that was resident while it lasted, over what there was before, sampled every 2 ms. The delay is the 99th percentile of the event loop's; on a machine that is busy with others it says little, so that what is judged is the 99th percentile of what the host's thread itself worked from one turn of the loop to the next.",
  run: async (context) => {
    const weighed = await weighAnswers(context, fullSizes)
    return weighed.flatMap(({ case: { about }, idleDelayMs, outcome }): ReadonlyArray<Finding> => {
      process.stdout.write(`… ${about}: ${outcome.answer} (${outcome.millis.toFixed(0)} ms)\n`)
      return [
        {
          type: "count",
          what: `${about}: taken whole`,
          value: outcome.isBounded ? 0 : 1,
          goal: { atMost: 0 },
        },
        {
          type: "count",
          what: `${about}: memory grown by, MiB`,
          value: Math.round(outcome.grownMiB),
          goal: { atMost: 64 },
        },
        {
          type: "count",
          what: `${about}: work between two turns, p99, ms`,
          value: rounded(outcome.workMs),
          goal: { atMost: 50 },
        },
        {
          type: "count",
          what: `${about}: delay, p99, ms (${rounded(idleDelayMs ?? 0)} in a host that did nothing)`,
          value: rounded(outcome.delayMs),
        },
      ]
    })
  },
}

const rounded = (value: number): number => Math.round(value * 10) / 10

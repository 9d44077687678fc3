import type { Bench, Finding } from "../../Bench.ts"
import { askAnything } from "./askAnything.ts"

/** Whether any request at all brings about an answer that is not promised, or a foreign row. */
export const anyRequests: Bench = {
  name: "requests: made up from the OpenAPI document",
  about:
    "Requests to a host of two organizations, made up by fast-check from the OpenAPI document that the host itself gives: as the document wants them, with one thing wrong, and nothing like it, in path, query, headers and body. Each answer is held against the document (JSON Schema 2020-12, by ajv); 5xx are the contract's 502 and 504 alone; nothing of the other organization may be in an answer, nor be changed.",
  run: async () => {
    const seed = Math.trunc(Math.random() * 2 ** 31)
    const { operations, problem, requests, statuses, succeeded } = await askAnything(10_000, seed)
    if (problem !== undefined) process.stdout.write(`  ✗ ${problem}\n`)
    const count = (what: string, value: number, atMost?: number): Finding => ({
      type: "count",
      what,
      value,
      ...(atMost === undefined ? {} : { goal: { atMost } }),
    })
    return [
      { type: "count", what: `requests (seed ${seed})`, value: requests, goal: { atLeast: 10_000 } },
      ...Object.entries(statuses).map(([status, times]) => count(`answered with ${status}`, times)),
      count(
        "answers that the document does not promise, 5xx, foreign rows",
        problem === undefined ? 0 : 1,
        0,
      ),
      count("routes that never answered well", operations.length - succeeded.length),
    ]
  },
}

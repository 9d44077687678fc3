import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { explain } from "../../../packages/storage-sql/test/scale/explain.ts"
import { issuedBy } from "../../../packages/storage-sql/test/scale/issuedBy.ts"
import { storeCalls } from "../../../packages/storage-sql/test/scale/storeCalls.ts"
import type { Bench, Finding } from "../Bench.ts"
import { type FilledDatabases, filledDatabases } from "./filledDatabases.ts"

/** How the databases go about what the stores ask. */
export const plans: Bench = {
  name: "storage: plans at 100,000 servers",
  about:
    "Every method of the stores is called once, and each statement that it issues is explained, in PostgreSQL both planned for its parameters and for any. Reading a table or an index from end to end counts. The same is a test at 10,000 servers, which also looks at what a delete cascades to and at the statements of a start (`explain.test.ts` of both storages).",
  run: async (context) => {
    const found: Array<Finding> = []
    for (const databases of await filledDatabases(context)) {
      found.push(...(await explainAll(databases)))
    }
    return found
  },
}

const explainAll = async ({ kind, large }: FilledDatabases): Promise<ReadonlyArray<Finding>> => {
  const explained = await Effect.forEach(storeCalls(large.spare), ({ name, run }) =>
    Effect.gen(function* () {
      const plans = yield* Effect.forEach(yield* issuedBy(run), explain)
      for (const { lines, scans } of plans) {
        if (scans.length > 0) process.stdout.write(`${kind}: ${name}\n  ${lines.join("\n  ")}\n`)
      }
      return plans
    }),
  ).pipe(Effect.provide(Layer.merge(large.stores, large.client)), Effect.runPromise)
  const statements = explained.flat()
  return [
    { type: "count", what: `${kind}: statements explained`, value: statements.length },
    {
      type: "count",
      what: `${kind}: of these, such as read a table or an index from end to end`,
      value: statements.filter(({ scans }) => scans.length > 0).length,
      goal: { atMost: 0 },
    },
  ]
}

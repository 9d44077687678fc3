import type { Bench, Finding } from "../../Bench.ts"
import { databaseKinds } from "../../storage/databases.ts"
import { walkAsStranger } from "./walkAsStranger.ts"

/** Whether anything of one organization shows to another. */
export const foreignIds: Bench = {
  name: "tenancy: every route as another organization",
  about:
    "Every route of the OpenAPI document with every foreign id, in each place of the path where one fits, for JSON and for a stream of events: the answer must be the 404 that is given for an id that nobody has, word for word. A stranger who comes back from somebody else's sign-in is turned away with 403, and that sign-in goes on waiting.",
  run: async (context) => {
    const found: Array<Finding> = []
    const kinds = [
      { name: "memory", options: async () => ({}) },
      ...databaseKinds.map(({ create, name }) => ({
        name,
        options: async () => ({ stores: (await create(context)).stores }),
      })),
    ]
    for (const { name, options } of kinds) {
      const { attempts, callback, isUntouched, leaks, routes, traces, unknown } = await walkAsStranger(
        await options(),
      )
      for (const problem of [...traces, ...leaks, ...unknown]) process.stdout.write(`  ✗ ${problem}\n`)
      const count = (what: string, value: number, atMost?: number): Finding => ({
        type: "count",
        what: `${name}: ${what}`,
        value,
        ...(atMost === undefined ? {} : { goal: { atMost } }),
      })
      found.push(
        count("routes", routes),
        count("attempts", attempts),
        count("answers that are not the same 404", traces.length, 0),
        count("foreign rows in lists, or changed", leaks.length + (isUntouched ? 0 : 1), 0),
        count("routes that nobody has said how to walk", unknown.length, 0),
        count("callbacks of another's sign-in that were taken", callback.status === 403 ? 0 : 1, 0),
      )
    }
    return found
  },
}

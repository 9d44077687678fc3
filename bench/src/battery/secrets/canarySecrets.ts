import type { Bench, Finding } from "../../Bench.ts"
import { printEverything } from "./printEverything.ts"
import { postgresDatabase, sqliteDatabase } from "./printedDatabases.ts"

/** Whether a secret that was given to the host can be read anywhere that it prints. */
export const canarySecrets: Bench = {
  name: "secrets: canaries in all that is printed",
  about:
    "A secret of its own in every field that takes one (tokens, headers, environments, client secrets, variables, options of the host, private keys, the encryption key), and every token, code, verifier, assertion and key that three sign-ins and the grants without one have led to. Then everything that is printed is looked through, for each as it is, percent-encoded, in hex, UTF-16 and base64: the log at every level, answers of the REST API with `maskSecrets`, events, spans, metrics and log lines as a collector gets them, `inspect`, text and JSON of what the facade gives and fails with, the bytes or rows of the database, and what failing SQL statements say. Servers and commands repeat what they are given wherever an error could take it up.",
  run: async (context) => {
    const found: Array<Finding> = []
    for (const [name, open] of [
      ["memory", async () => undefined],
      ["SQLite", sqliteDatabase],
      ["PostgreSQL", postgresDatabase],
    ] as const) {
      const { hits, places, prints } = await printEverything(await open(context))
      for (const hit of hits) process.stdout.write(`  ✗ ${hit}\n`)
      found.push(
        { type: "count", what: `${name}: secrets`, value: places.length },
        { type: "count", what: `${name}: texts that were looked through`, value: prints },
        { type: "count", what: `${name}: hits`, value: hits.length, goal: { atMost: 0 } },
      )
    }
    return found
  },
}

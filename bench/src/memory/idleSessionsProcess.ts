import * as Schema from "effect/Schema"
import { McpTarget } from "../mcp/McpTarget.ts"
import { answerParent } from "../processes/answerParent.ts"
import type { OpenSessions } from "./OpenSessions.ts"

// A process that opens sessions in one of the ways that are compared, and tells what each takes of its memory.

const decodeQuestion = Schema.decodeUnknownSync(Schema.Struct({ targets: Schema.Array(McpTarget) }))

const used = async (): Promise<number> => {
  if (globalThis.gc === undefined) throw new Error("This process needs --expose-gc")
  // What was opened has callbacks of its own to run, and a first collection leaves weak references behind.
  for (let time = 0; time < 5; time++) {
    await new Promise((resolve) => setTimeout(resolve, 30))
    globalThis.gc()
  }
  const { external, heapUsed } = process.memoryUsage()
  return heapUsed + external
}

const [module = ""] = process.argv.slice(2)
const { openSessions }: { readonly openSessions: OpenSessions } = await import(module)

answerParent(async (question) => {
  const { targets } = decodeQuestion(question)
  const [first, ...others] = targets
  if (first === undefined) throw new Error("There is nothing to be opened")
  const { count, open } = await openSessions(targets)
  // Code is loaded and connections are made for the first one.
  await open(first)
  const before = await used()
  for (const target of others) await open(target)
  const kilobytes = ((await used()) - before) / others.length / 1024
  const live = await count()
  if (live !== targets.length) throw new Error(`Of ${targets.length} sessions ${live} are left`)
  return kilobytes
})

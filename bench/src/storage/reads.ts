import * as Effect from "effect/Effect"
import type { FilledServer } from "../../../packages/storage-sql/test/scale/fillDatabase.ts"
import type { Bench, BenchContext, Comparison } from "../Bench.ts"
import { shuffled } from "../sampling/shuffled.ts"
import { type Contestant, takeTurns, type Turns } from "../sampling/takeTurns.ts"
import { type FilledDatabase, type FilledDatabases, filledDatabases } from "./filledDatabases.ts"
import { openMooring, type OpenMooring } from "./openMooring.ts"

/** Reads by id at two sizes. */
export const reads: Bench = {
  name: "storage: reads at 100 and at 100,000 servers",
  about:
    "A server by its id (`McpServerStore.get`), and its 20 tools (`ToolStore.list`), of another server each time: of the 100,000, a thousand others are read before one is read again, so that the database's own cache rarely helps. Secrets, of which half of those servers have two, were encrypted by the store. Around them are servers with 5 tools each, in organizations of 50 and one of 10,000. By fetch is the whole request to `mooring.fetch`.",
  run: async (context) => {
    const found: Array<Comparison> = []
    for (const databases of await filledDatabases(context)) {
      found.push(...(await compare(context, databases)))
    }
    return found
  },
}

interface Read {
  readonly what: string
  /** Which of the servers; all of them where it makes no difference. */
  readonly of?: FilledServer["secrets"]
  readonly turns: Turns
  readonly act: (opened: OpenMooring, server: FilledServer) => Promise<unknown>
}

const byFetch = (path: string): Read["act"] => {
  return async ({ mooring }, { id, organizationId }) => {
    const response = await mooring.fetch(
      new Request(`http://bench.example/v1/mcp-servers/${id}${path}`, {
        headers: { "x-organization": organizationId },
      }),
    )
    const body = await response.text()
    if (!response.ok) throw new Error(body)
  }
}

const getServer: Read["act"] = ({ servers }, { id, organizationId }) =>
  Effect.runPromise(servers.get(organizationId, id))

const atPort = { rounds: 1500, warmUp: 300 }
const overHttp = { rounds: 1000, warmUp: 300 }

// Never mixed where it makes a difference: to decrypt takes longer than to read, and the median of a mixture would lie
// anywhere between the two.
const asked: ReadonlyArray<Read> = [
  { what: "server without secrets", of: "without secrets", turns: atPort, act: getServer },
  { what: "server with secrets", of: "with secrets", turns: atPort, act: getServer },
  {
    what: "list of tools",
    turns: atPort,
    act: ({ tools }, { id, organizationId }) => Effect.runPromise(tools.list(organizationId, id)),
  },
  { what: "server with secrets, by fetch", of: "with secrets", turns: overHttp, act: byFetch("") },
  { what: "list of tools, by fetch", of: "with secrets", turns: overHttp, act: byFetch("/tools") },
]

const compare = async (
  context: BenchContext,
  { kind, large, small }: FilledDatabases,
): Promise<ReadonlyArray<Comparison>> => {
  const openedSmall = await openMooring(context, small.stores)
  const openedLarge = await openMooring(context, large.stores)
  const found: Array<Comparison> = []
  for (const read of asked) {
    const atSmall = contestant("at 100", openedSmall, small, read)
    const atLarge = contestant("at 100,000", openedLarge, large, read)
    const measured = await takeTurns([atSmall, atLarge], read.turns)
    found.push({
      type: "comparison",
      what: `${kind}: ${read.what}`,
      baseline: measured(atSmall),
      measured: measured(atLarge),
      goal: { atMost: 1.3 },
    })
  }
  return found
}

const contestant = (
  name: string,
  opened: OpenMooring,
  { read }: FilledDatabase,
  { act, of }: Read,
): Contestant => {
  const servers = read.filter(({ secrets }) => of === undefined || secrets === of)
  let rest: Array<FilledServer> = []
  return {
    name,
    act: () => {
      if (rest.length === 0) rest = [...shuffled(servers)]
      const server = rest.pop()
      if (server === undefined) throw new Error("There is no server to be read")
      return act(opened, server)
    },
  }
}

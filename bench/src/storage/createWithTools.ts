import type { McpServer, McpTool } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { createServer } from "../../../packages/storage-sql/test/scale/createServer.ts"
import { issuedBy } from "../../../packages/storage-sql/test/scale/issuedBy.ts"
import { realisticServer } from "../../../packages/storage-sql/test/scale/realisticServer.ts"
import { realisticTool } from "../../../packages/storage-sql/test/scale/realisticTool.ts"
import type { Bench, BenchContext, Finding, Goal } from "../Bench.ts"
import { type Contestant, takeTurns } from "../sampling/takeTurns.ts"
import { type Database, databaseKinds, distantPostgres } from "./databases.ts"
import { insertOneByOne } from "./insertOneByOne.ts"
import { openMooring } from "./openMooring.ts"

const organizationId = "bench"
const toolCount = 500

/** A server with many tools, against what one would write first. */
export const createWithTools: Bench = {
  name: "storage: creating a server with 500 tools",
  about:
    "`McpServerStore.insert` and `ToolStore.replaceAll`, which write all tools by one statement, against the same with a statement for each tool: each with a commit of its own, or all of them in one. Tools of about 600 bytes; every commit waits for the disk. What is saved are round trips and commits. In SQLite there are no round trips, and over the loopback interface they take less than the work of the database, which is the same either way: the goal is for a PostgreSQL on another machine, played by a proxy that hands on its answers 1 ms later, and for tools that are inserted each for itself.",
  run: async (context) => {
    const found: Array<Finding> = []
    for (const kind of databaseKinds) {
      const database = await kind.create(context)
      found.push(...(await compare(context, kind.name, database)))
      found.push(...(await countStatements(kind.name, database)))
    }
    const distant = await distantPostgres.create(context)
    found.push(...(await compare(context, distantPostgres.name, distant, { atLeast: 20 })))
    return found
  },
}

const compare = async (
  context: BenchContext,
  kind: string,
  database: Database,
  goal?: Goal,
): Promise<ReadonlyArray<Finding>> => {
  const { servers, tools } = await openMooring(context, database.stores)
  const client = ManagedRuntime.make(database.client)
  context.resources.defer(() => client.dispose())

  const contestant = (
    name: string,
    writeTools: (server: McpServer, tools: ReadonlyArray<McpTool>) => Promise<unknown>,
  ): Contestant => {
    let next = makeServer()
    return {
      name,
      arrange: async () => {
        await Effect.runPromise(Effect.ignore(servers.remove(organizationId, next.server.id)))
        next = makeServer()
      },
      act: async () => {
        await Effect.runPromise(servers.insert(next.server))
        await writeTools(next.server, next.tools)
      },
    }
  }
  const ours = contestant("one statement", (server, added) =>
    Effect.runPromise(tools.replaceAll(server, () => ({ tools: added, changes: noChanges }))),
  )
  const autocommit = contestant("500 commits", (_, added) =>
    client.runPromise(insertOneByOne(added, "each for itself")),
  )
  const transaction = contestant("500 in 1 commit", (_, added) =>
    client.runPromise(insertOneByOne(added, "in one transaction")),
  )
  const measured = await takeTurns([ours, autocommit, transaction], { rounds: 9, warmUp: 2 })
  const comparison = { type: "comparison", what: kind, baseline: measured(ours) } as const
  return [
    { ...comparison, measured: measured(autocommit), ...(goal && { goal }) },
    { ...comparison, measured: measured(transaction) },
  ]
}

const makeServer = () => {
  const server = realisticServer(organizationId, `server ${globalThis.crypto.randomUUID()}`, "with secrets")
  return { server, tools: Array.from({ length: toolCount }, (_, index) => realisticTool(server.id, index)) }
}

const noChanges = { added: [], updated: [], deleted: [] }

const countStatements = (kind: string, { stores }: Database): Promise<ReadonlyArray<Finding>> =>
  Effect.forEach([1, toolCount], (count) =>
    Effect.map(issuedBy(createServer(organizationId, `counted ${count}`, count)), (statements): Finding => ({
      type: "count",
      what: `${kind}: statements for ${count === 1 ? "1 tool" : `${count} tools`}, beside BEGIN and COMMIT`,
      value: statements.length,
      goal: { atMost: 4 },
    })),
  ).pipe(Effect.provide(stores), Effect.runPromise)

import { type Stores, Transports } from "@mooring/core"
import { inProcessServer } from "@mooring/testkit"
import * as Layer from "effect/Layer"
import { makeStatementSpy } from "../../../packages/storage-sql/test/scale/StatementSpy.ts"
import type { Bench, BenchContext, Finding } from "../Bench.ts"
import { type Contestant, takeTurns } from "../sampling/takeTurns.ts"
import { databaseKinds } from "./databases.ts"
import { openMooring } from "./openMooring.ts"

const runs = 100

/** What a store costs when a tool is run. */
export const toolRuns: Bench = {
  name: "storage: running a tool",
  about:
    "`mooring.tools.run` of a tool of an MCP server in this process, whose session is open: there is nothing faster to run, so that the store shows. Warm, a tool was run before; cold, what was read is forgotten before every run.",
  run: async (context) => {
    const found: Array<Finding> = []
    const memory = await contestant(context, "memory, warm", { isWarm: true })
    const databases = await Promise.all(
      databaseKinds.map(async (kind) => {
        const { stores } = await kind.create(context)
        return {
          kind: kind.name,
          stores,
          warm: await contestant(context, "warm", { stores, isWarm: true }),
          cold: await contestant(context, "cold", { stores, isWarm: false }),
        }
      }),
    )
    const measured = await takeTurns([memory, ...databases.flatMap(({ cold, warm }) => [warm, cold])], {
      rounds: 3000,
      warmUp: 500,
    })
    for (const { cold, kind, stores, warm } of databases) {
      found.push(
        {
          type: "comparison",
          what: `${kind}: warm`,
          baseline: measured(memory),
          measured: measured(warm),
          goal: { atMost: 1.1 },
        },
        { type: "comparison", what: `${kind}: cold`, baseline: measured(memory), measured: measured(cold) },
        await countStatements(context, kind, stores, true),
        await countStatements(context, kind, stores, false),
      )
    }
    return found
  },
}

interface Kept {
  readonly stores?: Layer.Layer<Stores, Error>
  readonly isWarm: boolean
}

/** Runs `echo`; cold, with another tool run before, of which two one can be remembered. */
const contestant = async (
  context: BenchContext,
  name: string,
  { isWarm, stores }: Kept,
): Promise<Contestant> => {
  const url = "https://bench.example/mcp"
  const server = context.resources.use(inProcessServer())
  const { mooring } = await openMooring(context, stores, {
    transports: Transports.layerMemory({ [url]: server.connect }),
    ...(isWarm ? {} : { limits: { rememberedTools: 1 } }),
  })
  const actor = { organizationId: "bench", userId: "bench" }
  const { id } = await mooring.servers.create(actor, {
    name: `server ${globalThis.crypto.randomUUID()}`,
    config: {
      type: "streamable_http",
      serverUrl: url,
      authHeader: null,
      authToken: "token",
      customHeaders: null,
    },
  })
  const tools = await mooring.tools.list(actor, id)
  const toolId = (toolName: string) => {
    const tool = tools.find(({ definition }) => definition.name === toolName)
    if (tool === undefined) throw new Error(`The server has no tool ${toolName}`)
    return tool.id
  }
  const [echo, other] = [toolId("echo"), toolId("count")]
  return {
    name,
    // Takes the place of the tool that is timed, and keeps the session open.
    ...(isWarm ? {} : { arrange: async () => void (await mooring.tools.run(actor, id, other)) }),
    act: async () => {
      const { status } = await mooring.tools.run(actor, id, echo, { text: "hello" })
      if (status !== "success") throw new Error("The tool failed")
    },
  }
}

const countStatements = async (
  context: BenchContext,
  kind: string,
  stores: Layer.Layer<Stores, Error>,
  isWarm: boolean,
): Promise<Finding> => {
  const spy = makeStatementSpy()
  const { act, arrange } = await contestant(context, kind, { stores: Layer.merge(stores, spy.layer), isWarm })
  let statements = 0
  for (let run = -1; run < runs; run++) {
    await arrange?.()
    spy.take()
    await act()
    if (run >= 0) statements += spy.take().length
  }
  return {
    type: "count",
    what: `${kind}: statements of a ${isWarm ? "warm" : "cold"} run`,
    value: statements / runs,
    goal: { atMost: isWarm ? 0 : 1 },
  }
}

import { legacyServer, type McpTestServer } from "@mooring/testkit"
import { type RestartablePostgres, startRestartablePostgres } from "@mooring/test-postgres"
import { inspect } from "node:util"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { type HostNode, startNode } from "../../../storage-sql/test/faults/startNode.ts"
import { postgresStores } from "../../src/index.ts"
import { keys } from "./keys.ts"
import { outages } from "./outages.ts"
import { countConnections, countListeners } from "./query.ts"
import { type Kind, kinds, type Load, type LoadTarget, startLoad } from "./startLoad.ts"

const canary = "canary-4b1f"
const maxConnections = 5

describe("PostgreSQL goes away under load, and comes back:", () => {
  let server: RestartablePostgres
  let url: string
  let mcp: McpTestServer
  let target: LoadTarget
  const nodes: Array<HostNode> = []
  const created: Array<string> = []
  const logged: Array<unknown> = []

  const start = () =>
    startNode({
      stores: postgresStores({ url, keys, maxConnections }),
      // The load opens a session for each server that it creates.
      limits: { sessionIdleMs: 500 },
      logLevel: "Error",
    })
  const nodeAt = (index: number): HostNode => {
    const node = nodes[index]
    if (node === undefined) throw new Error(`There is no node ${index}`)
    return node
  }

  beforeAll(async () => {
    vi.spyOn(console, "error").mockImplementation((...parts) => void logged.push(...parts))
    server = await startRestartablePostgres()
    url = await server.createDatabase()
    mcp = await legacyServer()
    nodes.push(await start(), await start())
    const config = {
      mcp_server_type: "streamable_http",
      server_url: mcp.url,
      auth_token: `${canary}-token`,
      custom_headers: { "x-secret": `${canary}-header` },
    }
    const serverId = await nodeAt(0).createServer("target", config)
    target = { serverId, toolId: await nodeAt(0).findTool(serverId, "echo"), config }
  })
  afterAll(async () => {
    for (const node of nodes) await node[Symbol.asyncDispose]()
    await mcp.close()
    await server.close()
    vi.restoreAllMocks()
  })

  /** Waits until every kind of request on every node has had such an answer since then. */
  const untilAll = (load: Load, of: ReadonlyArray<Kind>, status: number, since: number) =>
    vi.waitFor(
      () => {
        const answered = new Set<string>()
        for (const sample of load.samples) {
          if (sample.status === status && sample.endedAt > since)
            answered.add(`${sample.node} ${sample.kind}`)
        }
        for (const index of nodes.keys()) {
          for (const kind of of) expect(answered).toContain(`${index} ${kind}`)
        }
      },
      { timeout: 20_000, interval: 5 },
    )

  test.each(outages)("$name", { timeout: 120_000 }, async ({ begin, end, name }) => {
    const load = startLoad(nodes, target)
    await untilAll(load, kinds, 200, performance.now())

    const begunAt = performance.now()
    await begin(server)
    // A run whose tool is at hand needs nothing of a database of which it is not known that it is gone.
    await untilAll(load, name === "paused" ? ["read", "create"] : kinds, 503, begunAt)

    await end(server)
    const endedAt = performance.now()
    await untilAll(load, kinds, 200, endedAt)
    const resumedAfter = performance.now() - endedAt

    await expect.poll(() => countListeners(url), { timeout: 10_000, interval: 5 }).toBe(nodes.length)
    // What the second node changes is heard of by the first one, whose runs are warm again.
    const revision = crypto.randomUUID()
    const update = {
      config: { mcp_server_type: "streamable_http", custom_headers: { "x-revision": revision } },
    }
    await vi.waitFor(
      async () => expect((await nodeAt(1).request("PATCH", target.serverId, update)).status).toBe(200),
      { timeout: 5_000, interval: 5 },
    )
    await expect
      .poll(
        async () => {
          await nodeAt(0).run(target.serverId, target.toolId, { text: revision })
          return mcp.requests.findLast(({ rpcMethod }) => rpcMethod === "tools/call")?.headers["x-revision"]
        },
        { timeout: 10_000, interval: 5 },
      )
      .toBe(revision)
    const heardAfter = performance.now() - endedAt

    await load.stop()
    created.push(...load.created)
    // What no promise waits for, such as an unhandled rejection, fails the run of Vitest.
    const longest = Math.max(...load.samples.map(({ ms }) => ms))
    expect(longest).toBeLessThan(10_000)
    expect(resumedAfter).toBeLessThan(5_000)
    expect(heardAfter).toBeLessThan(5_000)
    expect(load.samples.filter(({ status }) => status !== 200 && status !== 503)).toStrictEqual([])
    expect(
      load.samples.filter(({ retryAfter, status }) => status === 503 && retryAfter === null),
    ).toStrictEqual([])
    expect(await countConnections(url)).toBeLessThanOrEqual(nodes.length * (maxConnections + 1))
  })

  test("afterwards all is there that was acknowledged, and no connection is left", async () => {
    const ids = (await nodeAt(0).mooring.servers.list({ organizationId: "default", userId: "default" })).map(
      ({ id }) => id,
    )
    expect(created.length).toBeGreaterThan(10)
    expect(ids).toEqual(expect.arrayContaining(created))
    for (const node of nodes.splice(0)) await node[Symbol.asyncDispose]()
    await expect.poll(() => countConnections(url), { timeout: 5_000, interval: 20 }).toBe(0)
  })

  test("and nobody has seen a secret", async () => {
    expect(logged.length).toBeGreaterThan(0)
    expect(inspect(logged, { depth: null, maxArrayLength: null, maxStringLength: null })).not.toContain(
      canary,
    )
    const dump = await server.dump(url)
    expect(dump).toContain(target.serverId)
    expect(dump).not.toContain(canary)
    expect(await server.filesHolding(target.serverId)).not.toEqual([])
    expect(await server.filesHolding(canary)).toEqual([])
  })
})

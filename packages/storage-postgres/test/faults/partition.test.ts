import { legacyServer } from "@mooring/testkit"
import { type PostgresServer, startPostgres } from "@mooring/test-postgres"
import { afterAll, beforeAll, test } from "vitest"
import { startNode } from "../../../storage-sql/test/faults/startNode.ts"
import { postgresProxy } from "./PostgresProxy.ts"
import { storesBy } from "./storesBy.ts"

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.close())

test.concurrent.for(Object.entries(storesBy))(
  "a node that has the database by %s and is cut off without a word notices, and comes back",
  {
    timeout: 120_000,
  },
  async ([_, stores], { expect }) => {
    const url = await server.createDatabase()
    await using proxy = await postgresProxy(url)
    await using mcp = await legacyServer()
    // Runs are recorded in the background, with statements of their own.
    await using cutOff = await startNode({ stores: stores(proxy.url), audit: "off" })
    await using other = await startNode({ stores: stores(url) })

    const config = (revision: string) => ({
      mcp_server_type: "streamable_http",
      server_url: mcp.url,
      custom_headers: { "x-revision": revision },
    })
    const id = await other.createServer("one", config("1"))
    const tool = await other.findTool(id, "echo")
    const run = async () => {
      const answer = await cutOff.run(id, tool, { text: "x" })
      const revision = mcp.requests.findLast(({ rpcMethod }) => rpcMethod === "tools/call")?.headers[
        "x-revision"
      ]
      return { ...answer, revision }
    }
    const untilWarm = () =>
      expect
        .poll(
          async () => {
            const before = proxy.statements()
            await run()
            return proxy.statements() - before
          },
          { timeout: 20_000, interval: 5 },
        )
        .toBe(0)
    await untilWarm()

    proxy.silence()
    expect((await other.request("PATCH", id, { config: config("2") })).status).toBe(200)
    // It can't know of the change; that it is cut off it finds out by itself, after 20 seconds at most. Then it runs no tool
    // by a config that may be an old one.
    await expect.poll(async () => (await run()).status, { timeout: 40_000, interval: 100 }).toBe(503)

    const answers = await Promise.all(Array.from({ length: 15 }, run))
    proxy.resume()
    const endedAt = performance.now()
    await expect.poll(async () => (await run()).revision, { timeout: 20_000, interval: 5 }).toBe("2")
    expect(performance.now() - endedAt).toBeLessThan(5_000)
    await untilWarm()
    expect(performance.now() - endedAt).toBeLessThan(5_000)
    expect(answers.map(({ status }) => status)).toStrictEqual(answers.map(() => 503))
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(10_000)
  },
)

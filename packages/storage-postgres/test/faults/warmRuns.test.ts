import { defaultTools, legacyServer, type McpTestServer } from "@mooring/testkit"
import { startPostgres } from "@mooring/test-postgres"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type HostNode, startNode } from "../../../storage-sql/test/faults/startNode.ts"
import { postgresStores } from "../../src/index.ts"
import { keys } from "./keys.ts"
import { type PostgresProxy, postgresProxy } from "./PostgresProxy.ts"
import { query } from "./query.ts"

const wait = { timeout: 10_000, interval: 2 }

describe("a tool that was run before is run without a statement", () => {
  const opened = new AsyncDisposableStack()
  let url: string
  let mcp: McpTestServer
  let proxy: PostgresProxy
  /** The one whose statements are counted, and one that changes what it remembers. */
  let node: HostNode
  let other: HostNode
  beforeAll(async () => {
    const server = opened.use(await startPostgres())
    url = await server.createDatabase()
    proxy = opened.use(await postgresProxy(url))
    // Runs are recorded in the background, with statements of their own.
    const options = { audit: "off" } as const
    node = opened.use(await startNode({ stores: postgresStores({ url: proxy.url, keys }), ...options }))
    other = opened.use(await startNode({ stores: postgresStores({ url, keys }) }))
  })
  afterAll(() => opened.disposeAsync())

  const config = (revision: string) => ({
    mcp_server_type: "streamable_http",
    server_url: mcp.url,
    custom_headers: { "x-revision": revision },
  })
  let id: string
  let echo: string
  const run = async () => {
    const before = proxy.statements()
    const { status } = await node.run(id, echo, { text: "x" })
    return { status, statements: proxy.statements() - before }
  }
  const warm = { status: 200, statements: 0 }
  beforeEach(async ({ task }) => {
    // A server for each, so that nobody is told of what changes in another's and reads it again in the background.
    mcp = await legacyServer()
    id = await other.createServer(task.name, config("1"))
    echo = await other.findTool(id, "echo")
    await expect.poll(run, wait).toStrictEqual(warm)
  })

  afterEach(() => mcp[Symbol.asyncDispose]())

  test("a hundred times", async () => {
    const before = proxy.statements()
    for (let count = 0; count < 100; count++) expect((await run()).status).toBe(200)
    expect(proxy.statements() - before).toBe(0)
  })

  test("until another node changes its server", async () => {
    expect((await other.request("PATCH", id, { config: config("2") })).status).toBe(200)
    await expect
      .poll(async () => {
        await run()
        return mcp.requests.findLast(({ rpcMethod }) => rpcMethod === "tools/call")?.headers["x-revision"]
      }, wait)
      .toBe("2")
    await expect.poll(run, wait).toStrictEqual(warm)
  })

  test("until another node removes its server", async () => {
    expect((await other.request("DELETE", id)).status).toBe(204)
    await expect.poll(run, wait).toMatchObject({ status: 404 })
  })

  test("until another node refreshes its server", async () => {
    await mcp.setTools(defaultTools().map((tool) => ({ ...tool, description: "changed" })))
    expect((await other.request("PATCH", `${id}/refresh`)).status).toBe(200)
    await expect
      .poll(async () => (await node.request("GET", `${id}/tools/${echo}`)).body, wait)
      .toMatchObject({ description: "changed" })
    await expect.poll(run, wait).toStrictEqual(warm)

    await mcp.setTools(defaultTools().filter(({ name }) => name !== "echo"))
    expect((await other.request("PATCH", `${id}/refresh`)).status).toBe(200)
    await expect.poll(run, wait).toMatchObject({ status: 404 })
  })

  test("while the database can tell of changes, and again once it can", async () => {
    // With a token of its own nobody's sign-in is looked up beside it.
    const withToken = { config: { ...config("1"), auth_token: "token" } }
    expect((await other.request("PATCH", id, withToken)).status).toBe(200)
    await expect
      .poll(async () => {
        await run()
        return mcp.requests.findLast(({ rpcMethod }) => rpcMethod === "tools/call")?.headers
      }, wait)
      .toMatchObject({ authorization: "Bearer token" })
    await expect.poll(run, wait).toStrictEqual(warm)
    proxy.refuse()
    await query(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'mooring' and query ilike 'listen%'`,
    )
    await expect.poll(run, wait).toStrictEqual({ status: 200, statements: 1 })
    const before = proxy.statements()
    for (let count = 0; count < 20; count++) expect((await run()).status).toBe(200)
    expect(proxy.statements() - before).toBe(20)

    // Nobody tells of this one, and it is used all the same.
    expect((await other.request("PATCH", id, { config: config("2") })).status).toBe(200)
    await run()
    expect(mcp.requests.findLast(({ rpcMethod }) => rpcMethod === "tools/call")?.headers["x-revision"]).toBe(
      "2",
    )

    proxy.accept()
    await expect.poll(run, wait).toStrictEqual(warm)
  })
})

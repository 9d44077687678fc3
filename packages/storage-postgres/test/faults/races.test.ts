import { defaultTools, legacyServer, type McpTestServer } from "@mooring/testkit"
import { setTimeout as delay } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { chooseSeed, seededRandom } from "../../../storage-sql/test/faults/seededRandom.ts"
import { type HostNode, startNode } from "../../../storage-sql/test/faults/startNode.ts"
import { databases, type FaultDatabase } from "./databases.ts"
import { keys } from "./keys.ts"

describe.each(databases)("two nodes on one database, %s", (_, open) => {
  const opened = new AsyncDisposableStack()
  let database: FaultDatabase
  let mcp: McpTestServer
  let left: HostNode
  let right: HostNode
  beforeAll(async () => {
    database = opened.use(await open())
    mcp = opened.use(await legacyServer())
    left = opened.use(await startNode({ stores: database.stores(keys) }))
    right = opened.use(await startNode({ stores: database.stores(keys) }))
  })
  afterAll(() => opened.disposeAsync())

  const config = () => ({ mcp_server_type: "streamable_http", server_url: mcp.url, auth_token: "token" })

  test("of two creates of one name, one is done and the other one refused", async () => {
    for (let round = 0; round < 60; round++) {
      const body = { server_name: `round-${round}`, config: config() }
      const answers = await Promise.all([left.request("POST", "", body), right.request("POST", "", body)])
      expect(answers.map(({ status }) => status).toSorted()).toStrictEqual([200, 409])
    }
    expect(await database.query("select name from mooring_servers")).toHaveLength(60)
  })

  test("a refresh and a delete at once leave no tools behind", async () => {
    const seed = chooseSeed()
    const random = seededRandom(seed)
    const refreshed = new Set<number>()
    const { ms } = await left.request("PATCH", `${await left.createServer("measured", config())}/refresh`)
    for (let round = 0; round < 60; round++) {
      await mcp.setTools(defaultTools())
      const id = await left.createServer(`raced-${round}`, config())
      await mcp.setTools(defaultTools().map((tool) => ({ ...tool, name: `${tool.name}-${round}` })))

      // So that the delete meets each part of the refresh.
      const [refresh, remove] = await Promise.all([
        left.request("PATCH", `${id}/refresh`),
        delay(random.integer(0, 2 * ms)).then(() => right.request("DELETE", id)),
      ])
      expect(remove.status, `with MOORING_FAULT_SEED=${seed}`).toBe(204)
      refreshed.add(refresh.status)
      expect(await database.query(`select id from mooring_tools where server_id = '${id}'`)).toStrictEqual([])
    }
    // It was faster, and it was slower.
    expect([...refreshed].toSorted()).toStrictEqual([200, 404])
    expect(
      await database.query(
        "select id from mooring_tools where server_id not in (select id from mooring_servers)",
      ),
    ).toStrictEqual([])
  })
})

import { SecretUnreadable, StoreError } from "@mooring/core"
import { legacyServer, type McpTestServer } from "@mooring/testkit"
import { existsSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { openMooring } from "../../../storage-sql/test/faults/openMooring.ts"
import { type HostNode, startNode } from "../../../storage-sql/test/faults/startNode.ts"
import { databases, type FaultDatabase } from "./databases.ts"
import { keys } from "./keys.ts"

const mine = { organizationId: "default", userId: "default" }
const theirs = { organizationId: "theirs", userId: "they" }

describe.each(databases)("secrets in %s", (kind, open) => {
  const opened = new AsyncDisposableStack()
  let database: FaultDatabase
  let mcp: McpTestServer
  let node: HostNode
  beforeAll(async () => {
    database = opened.use(await open())
    mcp = opened.use(await legacyServer())
    node = opened.use(await startNode({ stores: database.stores(keys), stdio: "any" }))
  })
  afterAll(() => opened.disposeAsync())

  const remote = (secret: string) => ({
    mcp_server_type: "streamable_http",
    server_url: mcp.url,
    auth_token: `token ${secret}`,
    custom_headers: { "x-one": `one ${secret}`, "x-two": `two ${secret}` },
  })

  test("are not to be found in what is stored, whatever was done with them", async () => {
    const canary = "canary-93c7"
    const id = await node.createServer("remote", remote(`${canary} first`))
    await node.run(id, await node.findTool(id, "echo"), { text: "x" })
    expect((await node.request("PATCH", id, { config: remote(`${canary} second`) })).status).toBe(200)
    // Refused, at different depths.
    const taken = { server_name: "remote", config: remote(canary) }
    expect((await node.request("POST", "", taken)).status).toBe(409)
    expect((await node.request("PATCH", id, { server_name: "x\0", config: remote(canary) })).status).toBe(422)
    expect((await node.request("PATCH", `${id}x`, { config: remote(canary) })).status).toBe(404)

    const command = (secret: string) => ({
      mcp_server_type: "stdio",
      command: process.execPath,
      args: ["--eval", ""],
      env: { ONE: `one ${secret}`, TWO: `two ${secret}` },
    })
    const local = await node.createServer("local", command(`${canary} first`))
    expect((await node.request("PATCH", local, { config: command(`${canary} second`) })).status).toBe(200)
    const removed = await node.createServer("removed", remote(canary))
    expect((await node.request("DELETE", removed)).status).toBe(204)

    // Back they come all the same.
    expect((await node.request("GET", id)).body).toMatchObject({ auth_token: `token ${canary} second` })
    expect((await node.request("GET", local)).body).toMatchObject({ env: { TWO: `two ${canary} second` } })
    const all = await database.takeAll()
    expect(all).toContain(id)
    expect(all).not.toContain(canary)
  })

  describe("that somebody has moved by hand", () => {
    let moved: string
    let source: string
    let neighbour: string
    beforeEach(async ({ task }) => {
      moved = await node.createServer(`moved, ${task.name}`, remote("moved"))
      source = await node.createServer(`source, ${task.name}`, remote("source"))
      neighbour = await node.createServer(`neighbour, ${task.name}`, remote("neighbour"))
    })
    afterAll(() => database.query("delete from mooring_servers"))

    const ciphertext = (column: string, id: string) =>
      `(select ${column} from mooring_servers where id = '${id}')`
    const places = {
      "to another row": () => `set auth_token = ${ciphertext("auth_token", source)} where id = '${moved}'`,
      "to another column": () =>
        `set custom_headers = ${ciphertext("auth_token", moved)} where id = '${moved}'`,
      "to another organization": async () => {
        const { id } = await node.mooring.servers.create(theirs, {
          name: "theirs",
          config: { type: "sse", serverUrl: mcp.url, authHeader: null, authToken: "t", customHeaders: null },
        })
        moved = id
        return `set organization_id = 'default' where id = '${id}'`
      },
    }
    test.each(Object.entries(places))("%s: can't be read, and harm nobody else", async (_, move) => {
      await database.query(`update mooring_servers ${await move()}`)

      const failure = await node.mooring.servers.get(mine, moved).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(StoreError)
      expect(failure).toMatchObject({ cause: expect.any(SecretUnreadable) })

      const answer = await node.request("GET", moved)
      expect(answer.status).toBe(503)
      expect(JSON.stringify(answer.body)).not.toMatch(
        /mooring_|auth_token|custom_headers|secret|decrypt|jwe|sql/i,
      )
      for (const id of [source, neighbour]) expect((await node.request("GET", id)).status).toBe(200)
      const tool = await node.findTool(neighbour, "echo")
      expect((await node.run(neighbour, tool, { text: "x" })).status).toBe(200)
      // What can't be read can still be removed.
      expect((await node.request("DELETE", moved)).status).toBe(204)
    })
  })

  describe("whose keys are missing:", () => {
    const start = (given: string | undefined, other: FaultDatabase) =>
      openMooring(other.stores(given), { logLevel: "None" })
    const refusal = (starting: Promise<unknown>) =>
      starting.then(() => undefined).catch((error: unknown) => error)

    test("the start is refused, and says which one is missing and what to do", async () => {
      await using other = await open()
      const [retired, given] = ["aa".repeat(32), "bb".repeat(32)]
      {
        await using before = await startNode({ stores: other.stores(retired), stdio: "any" })
        const config = { mcp_server_type: "stdio", command: "none", args: [], env: { KEY: "secret" } }
        await before.createServer("local", config)
      }
      const [row] = await other.query("select key_id from mooring_servers")
      const missing = String(row?.["key_id"])
      const error = await refusal(start(given, other))
      expect(error).toMatchObject({ _tag: "SecretKeyMissing", missing: [missing] })
      expect(String(error)).toContain(missing)
      expect(String(error)).toContain("Add the missing key behind the first one")
      expect(String(error)).not.toContain(given)

      // With both it starts.
      await (await start(`${given},${retired}`, other))[Symbol.asyncDispose]()
    })

    test("none at all: the start is refused before anything is made", async () => {
      await using other = await open()
      for (const given of [undefined, "", " , "]) {
        expect(await refusal(start(given, other))).toMatchObject({ _tag: "SecretKeysInvalid" })
      }
      if (kind === "SQLite") expect(existsSync(other.location)).toBe(false)
      else {
        expect(
          await other.query("select tablename from pg_tables where tablename like 'mooring%'"),
        ).toStrictEqual([])
      }
    })
  })
})

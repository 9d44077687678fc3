import { legacyServer, type McpTestServer } from "@mooring/testkit"
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { StatementSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { type HostNode, startNode } from "../../../storage-sql/test/faults/startNode.ts"
import { sqliteStores } from "../../src/index.ts"
import { keys } from "./keys.ts"
import { temporaryFile } from "./temporaryFile.ts"

const wait = { timeout: 10_000, interval: 2 }

/** Another process on the same file, which does as it is told. */
const startChanger = async (file: string) => {
  const script = fileURLToPath(new URL("changerProcess.ts", import.meta.url))
  const child = spawn(process.execPath, ["--conditions=@mooring/source", "--no-warnings", script, file], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return {
    change: async (...words: ReadonlyArray<string>) => {
      child.stdin.write(`${words.join(" ")}\n`)
      expect(await lines.next()).toStrictEqual({ done: false, value: "done" })
    },
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  }
}

describe("a tool that was run before is run without a statement", () => {
  const opened = new AsyncDisposableStack()
  let mcp: McpTestServer
  let node: HostNode
  let changer: Awaited<ReturnType<typeof startChanger>>
  /** Every execution; the watch for other processes' changes comes by the clock. */
  const execution = vi.spyOn(StatementSync.prototype, "all")
  const statements = () =>
    execution.mock.contexts.filter(
      (statement) => statement instanceof StatementSync && statement.sourceSQL !== "PRAGMA data_version",
    ).length

  beforeAll(async () => {
    const { file } = opened.use(temporaryFile())
    mcp = opened.use(await legacyServer())
    // Runs are recorded in the background, with statements of their own.
    const options = { audit: "off" } as const
    node = opened.use(await startNode({ stores: sqliteStores({ file, keys }), ...options }))
    changer = opened.use(await startChanger(file))
  })
  afterAll(async () => {
    await opened.disposeAsync()
    vi.restoreAllMocks()
  })

  let id: string
  let echo: string
  const run = async () => {
    const before = statements()
    const { status } = await node.run(id, echo, { text: "x" })
    return { status, statements: statements() - before }
  }
  const warm = { status: 200, statements: 0 }
  beforeEach(async ({ task }) => {
    id = await node.createServer(task.name, {
      mcp_server_type: "streamable_http",
      server_url: mcp.url,
      custom_headers: { "x-revision": "1" },
    })
    echo = await node.findTool(id, "echo")
    await expect.poll(run, wait).toStrictEqual(warm)
  })

  test("a hundred times", async () => {
    const before = statements()
    for (let count = 0; count < 100; count++) expect((await run()).status).toBe(200)
    expect(statements() - before).toBe(0)
    // What is counted is what there is to count.
    await node.request("GET", id)
    expect(statements() - before).toBe(1)
  })

  test("until another process changes its server", async () => {
    await changer.change(id, "2")
    const changedAt = performance.now()
    await expect
      .poll(async () => {
        await run()
        return mcp.requests.findLast(({ rpcMethod }) => rpcMethod === "tools/call")?.headers["x-revision"]
      }, wait)
      .toBe("2")
    expect(performance.now() - changedAt).toBeLessThan(1_000)
    await expect.poll(run, wait).toStrictEqual(warm)
  })

  test("until another process removes its server", async () => {
    await changer.change(id)
    const removedAt = performance.now()
    await expect.poll(run, wait).toMatchObject({ status: 404 })
    expect(performance.now() - removedAt).toBeLessThan(1_000)
  })
})

import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { Client } from "pg"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { isAnyRunning } from "../src/embedded/processes.ts"
import { type RestartablePostgres, startRestartablePostgres } from "../src/index.ts"
import { query } from "./query.ts"
import { serversIn, type TemporaryFolder, temporaryFolder } from "./TemporaryFolder.ts"

describe("a server that restarts", () => {
  let folder: TemporaryFolder
  let server: RestartablePostgres
  beforeAll(async () => {
    folder = temporaryFolder()
    vi.stubEnv("TMPDIR", folder.path)
    // Not used: this kind is always embedded.
    vi.stubEnv("DATABASE_URL", "postgres://nobody:nothing@127.0.0.1:1/nowhere")
    server = await startRestartablePostgres()
  })
  afterAll(async () => {
    await server.close()
    vi.unstubAllEnvs()
    expect(folder.entries()).toEqual([])
    folder[Symbol.dispose]()
  })

  test("is durable", async () => {
    const url = await server.createDatabase()
    const settings = await query(
      url,
      "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')",
    )
    expect(settings).toHaveLength(3)
    expect(settings.every(({ setting }) => setting === "on")).toBe(true)
  })

  test.each([undefined, "fast", "immediate", "kill"] as const)(
    "stop(%j) keeps what was committed",
    async (mode) => {
      const url = await server.createDatabase()
      expect(new URL(url).port).toBe(String(server.port))
      await query(url, "create table t (id int); insert into t values (1)")
      const open = new Client({ connectionString: url })
      // More than once: for what the server said, and for the end of the connection.
      const lost = new Promise((resolve) => open.on("error", resolve))
      await open.connect()
      await open.query("begin; insert into t values (2)")
      const pids = [
        ...serversIn(folder.path).map(({ pid }) => pid),
        ...(await open.query<{ pid: number }>("select pid from pg_stat_activity")).rows.map(({ pid }) => pid),
      ]

      await server.stop(mode)
      await lost
      expect(isAnyRunning(pids)).toBe(false)
      await expect(query(url, "select 1")).rejects.toThrow("ECONNREFUSED")
      await server.stop(mode)

      await server.start()
      await server.start()
      expect(serversIn(folder.path)).toHaveLength(1)
      expect(await query(url, "select * from t")).toEqual([{ id: 1 }])
    },
  )

  test("a paused server holds its connections and answers nobody until it is resumed", async () => {
    const url = await server.createDatabase()
    const open = new Client({ connectionString: url })
    await open.connect()
    server.pause()
    server.pause()
    const answers: Array<string> = []
    const answered = open.query("select 1").then(() => answers.push("open connection"))
    const newcomer = new Client({ connectionString: url, connectionTimeoutMillis: 300 })
    await expect(newcomer.connect()).rejects.toThrow(/timeout/)
    expect(answers).toEqual([])
    server.resume()
    await answered
    await open.end()
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }])
  })

  test.each(["fast", "immediate", "kill"] as const)("a paused server can be stopped: %s", async (mode) => {
    const url = await server.createDatabase()
    server.pause()
    await server.stop(mode)
    server.pause()
    server.resume()
    await server.start()
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }])
  })

  test("start tells why it can't", async () => {
    await server.stop()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(server.port, "127.0.0.1", resolve))
    await expect(server.start()).rejects.toThrow(/did not start.*Address already in use/s)
    await new Promise((resolve) => other.close(resolve))
    await server.start()
    expect(serversIn(folder.path)).toHaveLength(1)
  })
})

/** The second column in either list. */
const sharedMemorySegments = () => {
  const file = "/proc/sysvipc/shm"
  const list = existsSync(file)
    ? readFileSync(file, "utf8")
    : execFileSync("ipcs", ["-m"], { encoding: "utf8" })
  return list.split("\n").map((line) => line.trim().split(/\s+/)[1])
}

test.each(["stopped", "paused", "killed"])("closes when it is %s", async (state) => {
  using folder = temporaryFolder()
  vi.stubEnv("TMPDIR", folder.path)
  const server = await startRestartablePostgres()
  const [found] = serversIn(folder.path)
  if (found === undefined) throw new Error("found no server")
  const sharedMemory = readFileSync(join(found.data, "postmaster.pid"), "utf8")
    .split("\n")[6]
    ?.trim()
    .split(/\s+/)[1]
  expect(sharedMemorySegments()).toContain(sharedMemory)
  if (state === "paused") server.pause()
  else await server.stop(state === "killed" ? "kill" : "fast")
  await server.close()
  vi.unstubAllEnvs()
  expect(isAnyRunning([found.pid])).toBe(false)
  expect(folder.entries()).toEqual([])
  // A server that is killed can't give it back itself.
  expect(sharedMemorySegments()).not.toContain(sharedMemory)
})

import { existsSync } from "node:fs"
import { afterEach, describe, expect, test, vi } from "vitest"
import { isAnyRunning } from "../src/embedded/processes.ts"
import { startPostgres, startRestartablePostgres } from "../src/index.ts"
import { query } from "./query.ts"
import { serversIn, temporaryFolder } from "./TemporaryFolder.ts"

afterEach(() => vi.unstubAllEnvs())

describe("DATABASE_URL", () => {
  test("is where databases are made, and dropped by close while somebody is connected", async () => {
    await using host = await startRestartablePostgres()
    const hostUrl = await host.createDatabase()
    vi.stubEnv("DATABASE_URL", `${hostUrl}?application_name=theirs`)
    const databases = async () =>
      (await query(hostUrl, "select datname from pg_database order by 1")).map(({ datname }) => datname)
    const before = await databases()

    await using server = await startPostgres()
    const url = new URL(await server.createDatabase())
    await server.createDatabase()
    expect(url.port).toBe(String(host.port))
    expect(url.search).toBe("?application_name=theirs")
    expect(await databases()).toHaveLength(before.length + 2)

    const sleeper = query(url.href, "select pg_sleep(60)").catch(String)
    await vi.waitFor(async () => {
      expect(
        await query(hostUrl, "select from pg_stat_activity where query like '%pg_sleep(60)'"),
      ).toHaveLength(1)
    })
    await server.close()
    expect(await databases()).toEqual(before)
    expect(await sleeper).toMatch(/terminat/)
  })

  test("of another kind of database is not used", async () => {
    vi.stubEnv("DATABASE_URL", "mysql://root@127.0.0.1/test")
    await using server = await startPostgres()
    expect(await query(await server.createDatabase(), "show fsync")).toEqual([{ fsync: "off" }])
  })
})

test("close ends all processes and removes the folder", async () => {
  using folder = temporaryFolder()
  vi.stubEnv("TMPDIR", folder.path)
  vi.stubEnv("DATABASE_URL", undefined)
  const server = await startPostgres()
  const url = await server.createDatabase()
  const rows = await query(url, "select pid from pg_stat_activity")
  const [found] = serversIn(folder.path)
  if (found === undefined) throw new Error("found no server")
  const pids = [found.pid, ...rows.map(({ pid }) => Number(pid))]
  expect(pids.length).toBeGreaterThan(3)
  expect(isAnyRunning(pids)).toBe(true)
  await server.close()
  expect(isAnyRunning(pids)).toBe(false)
  expect(folder.entries()).toEqual([])
  expect(existsSync(found.data)).toBe(false)
})

test("where memory is short the data is on disk", async () => {
  using folder = temporaryFolder()
  vi.stubEnv("TMPDIR", folder.path)
  vi.stubEnv("DATABASE_URL", undefined)
  const memory = vi.spyOn(process, "availableMemory").mockReturnValue(0)
  await using server = await startPostgres()
  memory.mockRestore()
  expect(serversIn(folder.path)).toEqual([
    { pid: expect.any(Number), data: expect.stringMatching(new RegExp(`^${folder.path}/`)) },
  ])
  expect(await query(await server.createDatabase(), "select 1 as one")).toEqual([{ one: 1 }])
})

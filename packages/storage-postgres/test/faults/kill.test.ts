import { type PostgresServer, startPostgres } from "@mooring/test-postgres"
import { afterAll, beforeAll, expect, test } from "vitest"
import { killRuns, type KilledDatabase, noKills } from "../../../storage-sql/test/faults/killRuns.ts"
import { openMooring } from "../../../storage-sql/test/faults/openMooring.ts"
import { readState } from "../../../storage-sql/test/faults/readState.ts"
import { secretMark } from "../../../storage-sql/test/faults/writes.ts"
import { chooseSeed } from "../../../storage-sql/test/faults/seededRandom.ts"
import { postgresStores } from "../../src/index.ts"
import { keys } from "./keys.ts"
import { countConnections, query } from "./query.ts"

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.close())

const killedDatabase = (url: string): KilledDatabase => ({
  script: new URL("writerProcess.ts", import.meta.url),
  args: [url],
  inspect: async () => {
    // What the killed process had sent may still be executed. Then nothing is left of it, no lock either.
    await expect.poll(() => countConnections(url), { timeout: 10_000, interval: 20 }).toBe(0)
    await using opened = await openMooring(postgresStores({ url, keys }))
    const state = await readState(opened)
    expect(await opened.mooring.migrate()).toStrictEqual([])
    expect(
      await query(
        url,
        "select id from mooring_tools where server_id not in (select id from mooring_servers)",
      ),
    ).toStrictEqual([])
    return state
  },
})

test("50 times killed, and nothing is lost or half done", { timeout: 240_000 }, async () => {
  const seed = chooseSeed()
  const counts = noKills()
  const lane = async (first: number) => {
    for (let number = first; number < first + 5; number++) {
      const url = await server.createDatabase()
      await killRuns(killedDatabase(url), { runs: 5, seed: seed + number, counts }).catch(
        (cause: unknown) => {
          throw new Error(`with MOORING_FAULT_SEED=${seed}, database ${number}`, { cause })
        },
      )
      const dump = await server.dump(url)
      expect(dump).toContain("https://mcp.example/")
      expect(dump).not.toContain(secretMark)
    }
  }
  await Promise.all([lane(0), lane(5)])
  expect(counts.runs).toBe(50)
  // The kills met what they are for.
  expect(counts.starting).toBeGreaterThan(3)
  expect(counts.acknowledged).toBeGreaterThan(200)
  expect(counts.pendingUndone).toBeGreaterThan(10)
})

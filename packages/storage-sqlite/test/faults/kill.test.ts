import { expect, test } from "vitest"
import { killRuns, type KilledDatabase, noKills } from "../../../storage-sql/test/faults/killRuns.ts"
import { openMooring } from "../../../storage-sql/test/faults/openMooring.ts"
import { readState } from "../../../storage-sql/test/faults/readState.ts"
import { secretMark } from "../../../storage-sql/test/faults/writes.ts"
import { chooseSeed } from "../../../storage-sql/test/faults/seededRandom.ts"
import { sqliteStores } from "../../src/index.ts"
import { keys } from "./keys.ts"
import { query } from "./query.ts"
import { temporaryFile } from "./temporaryFile.ts"

const killedFile = (file: string): KilledDatabase => ({
  script: new URL("writerProcess.ts", import.meta.url),
  args: [file],
  inspect: async () => {
    // As the next process finds it, before anything of Mooring's mends anything.
    expect(query(file, "pragma integrity_check")).toStrictEqual([{ integrity_check: "ok" }])
    await using opened = await openMooring(sqliteStores({ file, keys }))
    const state = await readState(opened)
    expect(query(file, "pragma foreign_key_check")).toStrictEqual([])
    expect(await opened.mooring.migrate()).toStrictEqual([])
    return state
  },
})

test("50 times killed, and nothing is lost or half done", { timeout: 240_000 }, async () => {
  const seed = chooseSeed()
  const counts = noKills()
  const lane = async (first: number) => {
    for (let number = first; number < first + 5; number++) {
      using temporary = temporaryFile()
      await killRuns(killedFile(temporary.file), { runs: 5, seed: seed + number, counts }).catch(
        (cause: unknown) => {
          throw new Error(`with MOORING_FAULT_SEED=${seed}, file ${number}`, { cause })
        },
      )
      expect(temporary.takeAll()).toContain("https://mcp.example/")
      expect(temporary.takeAll()).not.toContain(secretMark)
    }
  }
  await Promise.all([lane(0), lane(5)])
  expect(counts.runs).toBe(50)
  // The kills met what they are for.
  expect(counts.starting).toBeGreaterThan(3)
  expect(counts.acknowledged).toBeGreaterThan(200)
  expect(counts.pendingUndone).toBeGreaterThan(10)
})

import { describe, expect, test } from "vitest"
import { databases, newKey } from "./databases.ts"
import { mooring } from "./mooringCommand.ts"
import { createServers } from "./servers.ts"

describe.each(databases())("migrate on $kind", ({ create }) => {
  test("takes the steps once, needs no key, and a host can use the tables", async () => {
    const DATABASE_URL = await create()
    const first = await mooring(["migrate"], { DATABASE_URL })
    expect(first).toMatchObject({ code: 0, stderr: "" })
    expect(first.stdout).toMatch(
      / is up to date now\. Taken:\n {2}0001_create_servers_and_tools(\n {2}\d{4}_\w+)*\n$/,
    )
    const second = await mooring(["migrate"], { DATABASE_URL })
    expect(second).toMatchObject({ code: 0, stderr: "" })
    expect(second.stdout).toMatch(/^Nothing to do: \S+ is up to date\.\n$/)
    await expect(createServers(DATABASE_URL, newKey(), ["one"])).resolves.toBeUndefined()
  })

  test("two at once: one takes the steps, for the other there is nothing to do", async () => {
    const DATABASE_URL = await create()
    const runs = await Promise.all([
      mooring(["migrate"], { DATABASE_URL }),
      mooring(["migrate"], { DATABASE_URL }),
    ])
    expect(runs.map(({ code, stderr }) => code + stderr)).toStrictEqual(["0", "0"])
    expect(runs.map(({ stdout }) => stdout.startsWith("Nothing to do")).toSorted()).toStrictEqual([
      false,
      true,
    ])
  })
})

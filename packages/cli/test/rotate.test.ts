import { DatabaseSync } from "node:sqlite"
import { describe, expect, test } from "vitest"
import { databases, newKey, temporaryFolder } from "./databases.ts"
import { mooring, mooringHere } from "./mooringCommand.ts"
import { openMooring } from "./openMooring.ts"
import { createServers, expectedSecrets, readSecrets } from "./servers.ts"
import { startUpdates } from "./startUpdates.ts"

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `server ${index}`)

describe.each(databases())("rotate on $kind", ({ create }) => {
  test("encrypts anew what the old key had encrypted, and the old key can go", async () => {
    const DATABASE_URL = await create()
    const [A, B] = [newKey(), newKey()]
    const names = [...numbered(3), "remote", "open"]
    await createServers(DATABASE_URL, A, names)

    const MOORING_KEY = `${B},${A}`
    const first = await mooringHere(["rotate"], { DATABASE_URL, MOORING_KEY })
    expect(first).toMatchObject({ code: 0, stderr: "" })
    expect(first.stdout).toMatch(
      /^Encrypted the secrets of 4 records anew with the first key of MOORING_KEY, [\w-]{16}\.\n\nNo secret needs these any more\. .*\n\n {2}key 2 of 2 {3}[\w-]{16}\n$/,
    )
    const second = await mooringHere(["rotate"], { DATABASE_URL, MOORING_KEY })
    expect(second).toMatchObject({ code: 0, stderr: "" })
    expect(second.stdout).toMatch(/^Nothing to do: all secrets \(4 records\) are [^]*key 2 of 2/)

    expect(await readSecrets(DATABASE_URL, B)).toStrictEqual(
      Object.fromEntries(names.map((name) => [name, expectedSecrets(name)])),
    )
    await expect(openMooring(DATABASE_URL, A)).rejects.toThrow(/Add the missing key/)
  })

  test("refuses while a key is missing, and changes nothing", async () => {
    const DATABASE_URL = await create()
    const [A, B, C] = [newKey(), newKey(), newKey()]
    await createServers(DATABASE_URL, A, ["one"])
    await createServers(DATABASE_URL, `${B},${A}`, ["two"])
    const { code, stderr, stdout } = await mooringHere(["rotate"], { DATABASE_URL, MOORING_KEY: `${C},${B}` })
    expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(
      /^The secrets of this database are encrypted with [\w-]{16}, .*Add the missing key/,
    )
    expect(Object.keys(await readSecrets(DATABASE_URL, `${B},${A}`))).toStrictEqual(["one", "two"])
  })

  test("refuses a database that is not migrated", async () => {
    const DATABASE_URL = await create()
    const settings = { DATABASE_URL, MOORING_KEY: newKey() }
    if (DATABASE_URL.startsWith("sqlite:")) new DatabaseSync(DATABASE_URL.slice(7)).close()
    const { code, stderr, stdout } = await mooringHere(["rotate"], settings)
    expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" })
    expect(stderr).toMatch(/Run "mooring migrate" first; it will take 0001_\w+(, \d{4}_\w+)*\.\n$/)
    await mooringHere(["migrate"], { DATABASE_URL })
    expect((await mooringHere(["rotate"], settings)).stdout).toBe("Nothing to do: there are no secrets.\n")
  })

  test("while a host that has the new key first changes every server over and over", async () => {
    const DATABASE_URL = await create()
    const [A, B] = [newKey(), newKey()]
    const names = numbered(150)
    await createServers(DATABASE_URL, A, names)
    const settings = { DATABASE_URL, MOORING_KEY: `${B},${A}` }
    const updates = await startUpdates(settings)
    expect(await mooring(["rotate"], settings)).toMatchObject({ code: 0, stderr: "" })
    // The host goes on, and none of what it does needs the old key any more.
    expect(Object.keys(await readSecrets(DATABASE_URL, B))).toStrictEqual(names)
    const stored = await updates.stop()
    expect(await readSecrets(DATABASE_URL, B)).toStrictEqual(
      Object.fromEntries(names.map((name) => [name, [stored[name] ?? `secret of ${name}`]])),
    )
  })

  test("while a host still has the old key first: nothing is lost, and the next rotation ends it", async () => {
    const DATABASE_URL = await create()
    const [A, B] = [newKey(), newKey()]
    const names = numbered(20)
    await createServers(DATABASE_URL, A, names)
    const updates = await startUpdates({ DATABASE_URL, MOORING_KEY: `${A},${B}` })
    const settings = { DATABASE_URL, MOORING_KEY: `${B},${A}` }
    const during = await mooring(["rotate"], settings)
    expect(during.stdout + during.stderr).toMatch(/^Encrypted the secrets of \d+ records anew/)
    // It ends at a moment when all was done; whether the host was faster than the check after it is chance.
    if (during.code === 1) expect(during.stderr).toContain("Until then all keys are needed.")
    const stored = await updates.stop()
    expect(await mooring(["rotate"], settings)).toMatchObject({ code: 0, stderr: "" })
    expect(await readSecrets(DATABASE_URL, B)).toStrictEqual(
      Object.fromEntries(names.map((name) => [name, [stored[name] ?? `secret of ${name}`]])),
    )
  })
})

test("a secret that was tampered with stops the rotation, and the message says which", async () => {
  const file = `${temporaryFolder()}/data.sqlite`
  const DATABASE_URL = `sqlite:${file}`
  const [A, B] = [newKey(), newKey()]
  await createServers(DATABASE_URL, A, ["one", "two"])
  const database = new DatabaseSync(file)
  // The secret of one server in the row of the other.
  database.exec("update mooring_servers set env = (select env from mooring_servers where name = 'one')")
  database.close()
  const { code, stderr, stdout } = await mooringHere(["rotate"], { DATABASE_URL, MOORING_KEY: `${B},${A}` })
  expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" })
  expect(stderr).toMatch(
    /^The secret in mooring_servers\.env of mcp_server-\S+ cannot be decrypted: .*run "mooring rotate" again\. Until then all keys are needed\.\n$/,
  )
})

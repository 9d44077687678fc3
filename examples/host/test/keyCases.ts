import { randomBytes } from "node:crypto"
import { readdir, readFile, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { exampleClient, idOf } from "./ExampleClient.ts"
import { defaultDatabase } from "./ExampleDatabase.ts"
import { type ExampleEnv, startExample } from "./ExampleProcess.ts"

// No MCP server is needed: what is registered is kept also where nobody listens.
const config = { server_url: "http://127.0.0.1:9/mcp", auth_token: "secret" }

/** Which keys an example uses, and what it says when they are not those that it needs. */
export const keyCases = (main: URL): void => {
  test("MOORING_KEY=new,old reads what old has encrypted; without it the host says what to do", async () => {
    await using data = await defaultDatabase.make()
    const [older, newer] = [randomBytes(32).toString("hex"), randomBytes(32).toString("base64url")]
    const start = (MOORING_KEY: string) => startExample(main, { WALK: "0", MOORING_KEY }, data.cwd)

    await using first = start(older)
    const before = exampleClient(await first.url())
    const id = await idOf(await before.register(config, "with the older key"))
    first.kill("SIGTERM")
    await first.exited

    await using refused = start(newer)
    expect(await refused.exited).toBe(1)
    expect(refused.lines).toStrictEqual([])
    expect(refused.stderr()).toMatch(
      /^MOORING_KEY: The secrets of this database are .*\. Add the missing key behind the first one.*\n$/,
    )
    expect(refused.stderr()).not.toContain(older)
    expect(refused.stderr()).not.toContain(newer)

    await using rotated = start(`${newer},${older}`)
    const after = exampleClient(await rotated.url())
    expect(await after.json("GET", `/v1/mcp-servers/${id}`)).toMatchObject({ auth_token: "secret" })
    await idOf(await after.register(config, "with the newer key"))
    expect(await after.servers()).toMatchObject([{ auth_token: "secret" }, { auth_token: "secret" }])
    // A key that is given is not written down.
    await expect(stat(join(data.cwd, ".mooring/key"))).rejects.toThrow("ENOENT")
    expect([...(await data.filesHolding(older)), ...(await data.filesHolding(newer))]).toStrictEqual([])
  })

  test("a key of its own is for nobody else to read; when it is lost, the host says so", async () => {
    await using data = await defaultDatabase.make()
    const keyFile = join(data.cwd, ".mooring/key")
    const start = (env: ExampleEnv = {}) => startExample(main, { WALK: "0", ...env }, data.cwd)

    await using first = start()
    const before = exampleClient(await first.url())
    await idOf(await before.register(config))
    const known = await before.servers()
    first.kill("SIGTERM")
    await first.exited
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
    expect((await stat(join(data.cwd, ".mooring"))).mode & 0o777).toBe(0o700)
    // Nothing is left of SQLite's log: the database was closed.
    expect((await readdir(join(data.cwd, ".mooring"))).toSorted()).toStrictEqual(["data.sqlite", "key"])

    const saved = await readFile(keyFile, "utf8")
    await rm(keyFile)
    await using refused = start()
    expect(await refused.exited).toBe(1)
    expect(refused.lines).toStrictEqual([])
    expect(refused.stderr()).toMatch(
      /^MOORING_KEY is unset: the key is that of \/.*\/\.mooring\/key, which is made where there is none\. The secrets of this database .*\. Add the missing key .*\n$/,
    )
    expect(refused.stderr()).not.toContain(await readFile(keyFile, "utf8"))

    await using again = start({ MOORING_KEY: saved })
    expect(await exampleClient(await again.url()).servers()).toStrictEqual(known)
  })
}

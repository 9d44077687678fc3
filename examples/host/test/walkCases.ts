import { signIn } from "@mooring/testkit"
import { execFile, spawnSync } from "node:child_process"
import { promisify } from "node:util"
import { describe, expect, test, vi } from "vitest"
import { exampleClient } from "./ExampleClient.ts"
import { defaultDatabase, type ExampleDatabase } from "./ExampleDatabase.ts"
import { type ExampleProcess, startExample } from "./ExampleProcess.ts"

const run = promisify(execFile)

/** How the walk goes where not all is as usual, and what a reader makes of it. */
export const walkCases = (main: URL, databases: ReadonlyArray<ExampleDatabase>): void => {
  test("is plain and narrow where stdout is no terminal", async () => {
    await using example = startExample(main, { CI: "true" })
    await example.exited
    expect(example.lines.join("\n")).not.toMatch(/\u001B/)
    expect(Math.max(...example.lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  test("goes on after a step that failed, tells what was expected, and ends with code 1", async () => {
    await using example = startExample(main, { CI: "true", STDIO: "off" })
    expect(await example.exited).toBe(1)
    const output = example.lines.join("\n")
    expect(output).toMatch(/✗ 403 .*\n(.*\n){1,2} +expected: 200 and the server with its new id/)
    expect(output).toContain("– skipped")
    expect(output).toContain("Echo: Ahoy by SSE")
    expect(example.lines.at(-1)).toBe("✗ 18 steps went as expected, 1 failed and 3 were skipped.")
    expect(example.stderr()).toBe("")
  })

  test.each(databases)("on $name goes the same way twice", async ({ make }) => {
    await using data = await make()
    await using first = startExample(main, { CI: "true", ...data.env }, data.cwd)
    expect(await first.exited).toBe(0)
    expect(first.lines.at(-1)).toMatch(/^✓ All 22 steps/)
    expect(first.lines.join("\n")).not.toContain("DELETE")

    await using second = startExample(main, { CI: "true", ...data.env }, data.cwd)
    expect(await second.exited).toBe(0)
    expect(second.lines.at(-1)).toMatch(/^✓ All 26 steps/)
    expect(second.lines.filter((line) => line.includes("DELETE"))).toHaveLength(4)
    expect(first.stderr() + second.stderr()).toBe("")
  })

  test("signs in also where users reach the host by a URL that does not lead here", async () => {
    await using example = startExample(main, { CI: "true", PUBLIC_URL: "https://mcp.example.com/deep" })
    expect(await example.exited).toBe(0)
    expect(example.lines.join("\n")).toContain('"func_return": "demo-user"')
  })

  test("removes its own servers alone, and not one that has a name of theirs", async () => {
    await using data = await defaultDatabase.make()
    await using before = startExample(main, { WALK: "0" }, data.cwd)
    const client = exampleClient(await before.url())
    await client.register({ server_url: "http://127.0.0.1:9/mcp" }, "of a user")
    await client.register({ server_url: "http://127.0.0.1:9/other" }, "everything-http")
    const known = await client.servers()
    expect(known).toMatchObject([{ server_name: "of a user" }, { server_name: "everything-http" }])
    before.kill("SIGTERM")
    await before.exited

    await using example = startExample(main, { CI: "true" }, data.cwd)
    expect(await example.exited).toBe(1)
    expect(example.lines.join("\n")).toMatch(/✗ 409 .*everything-http/)
    expect(example.lines.join("\n")).not.toContain("DELETE")

    await using after = startExample(main, { WALK: "0" }, data.cwd)
    const kept = await exampleClient(await after.url()).servers()
    expect(Array.isArray(kept) ? kept.slice(0, 2) : kept).toStrictEqual(known)
  })

  describe("what it says to try next works:", () => {
    const readToEnd = async (example: ExampleProcess) => {
      await vi.waitFor(() => expect(example.lines.at(-1)).toContain("/openapi.json"), { timeout: 20_000 })
      return example.lines.join("\n")
    }

    test.runIf(hasCurl())("the commands", async () => {
      await using example = startExample(main, { DEMO_TOKENS: "tokenA=org1/alice,tokenB=org2/bob" })
      const [commands = ""] =
        /^ {2}server=(.*\n)+? {2}curl .* -X PATCH .*$/m.exec(await readToEnd(example)) ?? []
      const { stdout } = await run("sh", ["-ec", commands])
      expect(stdout).toContain('"server_name":"everything-stdio"')
      expect(stdout).toContain('"name":"echo"')
      expect(stdout).toContain('"func_return":"Echo: Ahoy"')
      expect(stdout).toContain('{"deleted":[],"updated":[],"added":[]}')
    })

    test.runIf(hasCurl())("the commands that sign in, while somebody else does so in a browser", async () => {
      await using example = startExample(main, { DEMO_TOKENS: "tokenA=org1/alice" })
      const [commands = ""] =
        /^ {2}protected=(.*\n)+? {2}curl .* -X POST .*$/m.exec(await readToEnd(example)) ?? []
      const running = run("sh", ["-ec", commands])
      let printed = ""
      running.child.stdout?.on("data", (text) => (printed += text))
      const url = await vi.waitFor(
        () => /"authorization_url","url":"([^"]+)"/.exec(printed)?.[1] ?? expect.unreachable(printed),
        { timeout: 20_000, interval: 5 },
      )
      await fetch(await signIn(url, { user: "another-user" }))
      const { stdout } = await running
      expect(stdout).toContain('"event":"success"')
      expect(stdout).toContain('"func_return":"another-user"')
    })

    test.each([{}, { DEMO_TOKENS: "tokenA=org1/alice" }])("the program, with %j", async (env) => {
      await using example = startExample(main, env)
      const [program = ""] =
        /^ {2}import \{ Letta \}(.*\n)+? {2}console\.log.*$/m.exec(await readToEnd(example)) ?? []
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
        cwd: import.meta.dirname,
      })
      expect(stdout).toContain("func_return: 'Echo: Ahoy'")
    })
  })

  test.each(["✓ 200", "wants a sign-in", "waiting_for_auth"])(
    "stops at once with the host, quietly, after: %s",
    async (seen) => {
      await using example = startExample(main)
      await vi.waitFor(() => expect(example.lines.join("\n")).toContain(seen), {
        timeout: 20_000,
        interval: 1,
      })
      example.kill("SIGINT")
      expect(await example.exited).toBe(0)
      expect(example.lines.join("\n")).not.toContain("✗")
      expect(example.stderr()).toBe("")
    },
  )
}

/** Small images of Node come without it. */
function hasCurl(): boolean {
  return spawnSync("curl", ["--version"]).status === 0
}

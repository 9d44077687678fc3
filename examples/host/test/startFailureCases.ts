import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { type ExampleEnv, startExample } from "./ExampleProcess.ts"
import { occupiedPort } from "./occupiedPort.ts"

/** How an example tells that it cannot start: code 1, one line on stderr that names the setting, and no secret. */
export const startFailureCases = (main: URL): void => {
  /** What an example says that ends by itself, after `prepare` in its working directory. */
  const refusal = async (env: ExampleEnv, prepare: (cwd: string) => Promise<unknown> = async () => {}) => {
    const cwd = await mkdtemp(join(tmpdir(), "mooring-example-"))
    try {
      await prepare(cwd)
      await using example = startExample(main, { WALK: "0", ...env }, cwd)
      expect(await example.exited).toBe(1)
      expect(example.lines).toStrictEqual([])
      expect(example.stderr()).toMatch(/^.+\n$/)
      expect(example.stderr()).not.toContain("secret-canary")
      return example.stderr().replaceAll(cwd, "…")
    } finally {
      await rm(cwd, { recursive: true })
    }
  }

  test("a port that is taken is told by the setting to change", async () => {
    await using other = await occupiedPort()
    expect(await refusal({ PORT: String(other.port) })).toMatch(
      new RegExp(`^Port ${other.port} is taken .*PORT.*\n$`),
    )
  })

  test.each([
    [{ STDIO: "on" }, 'STDIO is any or off, and not "on".\n'],
    [
      { DATABASE_URL: "mysql://root:secret-canary@127.0.0.1/mooring" },
      "DATABASE_URL is sqlite:path/to/file or postgres://user:password@host:5432/database.\n",
    ],
  ])("a wrong setting is told: %o", async (env, message) => {
    expect(await refusal(env)).toBe(message)
  })

  test("a key that is none", async () => {
    const key = "0".repeat(64)
    const told = await refusal({ MOORING_KEY: `${key},secret-canary` })
    expect(told).toMatch(/^MOORING_KEY: Key 2 of 2 .*A key is 32 random bytes as 64 hexadecimal digits or /)
    expect(told).not.toContain(key)
  })

  test("a key file that holds none", async () => {
    const told = await refusal({}, async (cwd) => {
      await mkdir(join(cwd, ".mooring"))
      await writeFile(join(cwd, ".mooring/key"), "secret-canary")
    })
    expect(told).toMatch(
      /^MOORING_KEY is unset: the key is that of …\/\.mooring\/key, .* A key is 32 random bytes/,
    )
  })

  test("a key file that cannot be made", async () => {
    const told = await refusal({}, (cwd) => writeFile(join(cwd, ".mooring"), ""))
    expect(told).toMatch(/^MOORING_KEY is unset, and a key cannot be kept in …\/\.mooring\/key instead: E/)
  })

  test("a file that is no database", async () => {
    const told = await refusal({ DATABASE_URL: "sqlite:kept/here" }, async (cwd) => {
      await mkdir(join(cwd, "kept"))
      await writeFile(join(cwd, "kept/here"), "not a database ".repeat(100))
    })
    expect(told).toMatch(/^DATABASE_URL: "…\/kept\/here" is not an SQLite database\. Name another file/)
  })

  test("a PostgreSQL server that is not there", async () => {
    const { port } = await occupiedPort().then(async (other) => {
      await other[Symbol.asyncDispose]()
      return other
    })
    expect(
      await refusal({ DATABASE_URL: `postgres://mooring:secret-canary@127.0.0.1:${port}/mooring` }),
    ).toMatch(new RegExp(`^DATABASE_URL: .*connect ECONNREFUSED 127\\.0\\.0\\.1:${port}\\. .*\n$`))
  })

  test("a PostgreSQL server that does not answer is given up after ten seconds at most", async () => {
    await using mute = await occupiedPort()
    const startedAt = performance.now()
    const told = await refusal({
      DATABASE_URL: `postgres://mooring:secret-canary@127.0.0.1:${mute.port}/mooring`,
    })
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    expect(told).toMatch(/^DATABASE_URL: .*timed out/)
  })

  test("the URL of a PostgreSQL server that cannot be read", async () => {
    expect(await refusal({ DATABASE_URL: "postgres://mooring:secret#canary@127.0.0.1/mooring" })).toMatch(
      /^DATABASE_URL: The URL of the PostgreSQL database cannot be read\./,
    )
  })
}

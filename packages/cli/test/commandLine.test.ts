import { readFileSync } from "node:fs"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { describe, expect, test } from "vitest"
import { mooring, startMooring } from "./mooringCommand.ts"

describe("help", () => {
  test("lists the commands and the settings", async () => {
    const { code, stderr, stdout } = await mooring(["--help"])
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" })
    for (const word of ["secret", "migrate", "rotate", "info", "--version", "DATABASE_URL", "MOORING_KEY"]) {
      expect(stdout).toMatch(new RegExp(`^ +${word}`, "m"))
    }
    expect((await mooring(["-h"])).stdout).toBe(stdout)
  })

  test.each(["secret", "migrate", "rotate", "info"])("tells about %s, and does nothing", async (command) => {
    // A database that can't be reached: it is not even tried.
    const { code, stderr, stdout } = await mooring([command, "--help"], {
      DATABASE_URL: "postgres://127.0.0.1:1/none",
    })
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" })
    expect(stdout).toMatch(new RegExp(`^mooring ${command}.*: \\w`))
  })

  test("fits a terminal", async () => {
    const texts = await Promise.all(
      [[], ["secret"], ["migrate"], ["rotate"], ["info"]].map((words) => mooring([...words, "--help"])),
    )
    const lines = texts.flatMap(({ stdout }) => stdout.split("\n"))
    expect(lines.filter((line) => line.length > 80)).toStrictEqual([])
  })
})

test("--version is that of the package", async () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  const { code, stdout } = await mooring(["--version"])
  expect(code).toBe(0)
  expect(manifest).toMatchObject({ version: stdout.trim() })
})

describe("secret", () => {
  test("prints a key of 32 bytes and nothing else, each time another one", async () => {
    // Settings that are wrong are no matter here.
    const runs = await Promise.all([mooring(["secret"]), mooring(["secret"], { DATABASE_URL: "nonsense" })])
    for (const { code, stderr, stdout } of runs) {
      expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" })
      expect(stdout).toMatch(/^[\w-]{43}\n$/)
      expect(Buffer.from(stdout, "base64url")).toHaveLength(32)
    }
    expect(runs[0]?.stdout).not.toBe(runs[1]?.stdout)
  })
})

describe("what there is not", () => {
  test.each([
    { args: [], says: "Which command? There are secret, migrate, rotate, info." },
    { args: ["migrat"], says: 'There is no command "migrat". Commands: secret, migrate, rotate, info.' },
    { args: ["toString"], says: "There is no command of that name." },
    {
      args: ["rotate", "--force"],
      says: '"mooring rotate" has no option "--force". Options: --help, --version.',
    },
    { args: ["info", "-j"], says: '"mooring info" has no option "-j". Options: --help, --version, --json.' },
    { args: ["migrate", "--json"], says: '"mooring migrate" has no option "--json".' },
    { args: ["--json"], says: 'mooring has no option "--json".' },
    { args: ["info", "--json=yes"], says: "The option --json takes no value." },
    { args: ["info", "all"], says: '"mooring info" takes no arguments' },
  ])("$args", async ({ args, says }) => {
    const { code, stderr, stdout } = await mooring(args)
    expect({ code, stdout }).toStrictEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(says)
    expect(stderr).toMatch(/^[^\n]+\n$/)
  })

  test.each([
    ["postgres://user:canary-word@host/db"],
    ["info", "postgres://user:canary-word@host/db"],
    ["rotate", "--key=canary-word"],
    ["rotate", "--canary-word-SGVsbG8gd29ybGQ"],
    ["rotate", "canary-word"],
    ["canary-wordSGVsbG8gd29ybGQ"],
  ])("does not repeat what could be a secret in the wrong place: %s %s", async (...args) => {
    const { code, stderr, stdout } = await mooring(args)
    expect({ code, stdout }).toStrictEqual({ code: 2, stdout: "" })
    expect(stderr).not.toContain("canary-word")
  })
})

test("a reader that goes away early is no failure worth a word", async () => {
  const child = startMooring(["--help"])
  child.stdout.destroy()
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")])
  expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" })
})

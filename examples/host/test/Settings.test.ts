import { readSettings } from "@mooring/example-host"
import { expect, onTestFinished, test, vi } from "vitest"

test("without settings it is a host for one user on a machine of their own", () => {
  const defaults = {
    port: 8283,
    publicUrl: undefined,
    stdio: "any",
    allowLoopback: true,
    tokens: undefined,
    database: { type: "sqlite", file: ".mooring/data.sqlite" },
    keys: undefined,
    walk: true,
    ci: false,
  }
  expect(readSettings({})).toStrictEqual(defaults)
  const empty = { PORT: "", PUBLIC_URL: "", STDIO: "", ALLOW_LOOPBACK: "", DEMO_TOKENS: "", WALK: "", CI: "" }
  expect(readSettings({ ...empty, DATABASE_URL: "", MOORING_KEY: "" })).toStrictEqual(defaults)
})

test("every setting is read", () => {
  const env = {
    PORT: "0",
    PUBLIC_URL: "https://mcp.example.com/deep",
    STDIO: "off",
    ALLOW_LOOPBACK: "0",
    DEMO_TOKENS: "tokenA=org1/alice, abc==org2/bob",
    DATABASE_URL: "postgres://mooring:secret@127.0.0.1:5432/mooring",
    MOORING_KEY: "new,old",
    WALK: "0",
    CI: "true",
  }
  expect(readSettings(env)).toStrictEqual({
    port: 0,
    publicUrl: "https://mcp.example.com/deep",
    stdio: "off",
    allowLoopback: false,
    tokens: new Map([
      ["tokenA", { organizationId: "org1", userId: "alice" }],
      ["abc=", { organizationId: "org2", userId: "bob" }],
    ]),
    database: { type: "postgres", url: env.DATABASE_URL },
    keys: "new,old",
    walk: false,
    ci: true,
  })
})

test.each([
  ["sqlite:path/to/file", { type: "sqlite", file: "path/to/file" }],
  ["sqlite:/path/to file.sqlite", { type: "sqlite", file: "/path/to file.sqlite" }],
  ["sqlite::memory:", { type: "sqlite", file: ":memory:" }],
  ["postgresql:///mooring", { type: "postgres", url: "postgresql:///mooring" }],
])("DATABASE_URL=%s", (DATABASE_URL, database) => {
  expect(readSettings({ DATABASE_URL })).toMatchObject({ database })
})

test.each([
  ["PORT", "http"],
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["PUBLIC_URL", "mcp.example.com"],
  ["PUBLIC_URL", "ftp://mcp.example.com"],
  ["STDIO", "on"],
  ["ALLOW_LOOPBACK", "no"],
  ["WALK", "never"],
  ["DATABASE_URL", "secret"],
  ["DATABASE_URL", "mysql://root:secret@127.0.0.1/mooring"],
  ["DATABASE_URL", "postgres:secret"],
  ["DATABASE_URL", "sqlite:"],
  ["DATABASE_URL", "sqlite://secret/file"],
  ["DATABASE_URL", "file:secret"],
  ["DEMO_TOKENS", "secret"],
  ["DEMO_TOKENS", "secret=org1"],
  ["DEMO_TOKENS", "secret=org1/alice,"],
  ["DEMO_TOKENS", "secret=org1/alice,secret=org2/bob"],
])("%s=%s ends the process with a message that names the setting and no secret", (name, value) => {
  const exit = vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Error(`exited with ${code}`)
  })
  const print = vi.spyOn(console, "error").mockReturnValue()
  onTestFinished(() => {
    exit.mockRestore()
    print.mockRestore()
  })
  expect(() => readSettings({ [name]: value })).toThrow("exited with 1")
  expect(print).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(new RegExp(`^${name}\\b`)))
  expect(print).not.toHaveBeenCalledWith(expect.stringContaining("secret"))
})

import { expect, test } from "vitest"
import { fillInputs, parseImport } from "../web/add/parseImport.ts"

const candidates = (source: string) => {
  const found = parseImport(source)
  return "candidates" in found ? found.candidates : expect.unreachable(found.problem)
}

const everything = {
  name: "everything",
  notes: [],
  config: {
    mcp_server_type: "stdio",
    command: "npx",
    args: ["-y", "@modelcontextprotocol/server-everything"],
  },
}

test.each([
  [
    "Claude Desktop",
    '{"mcpServers": {"everything": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-everything"]}}}',
  ],
  [
    "VS Code",
    '{"servers": {"everything": {"type": "stdio", "command": "npx", "args": ["-y", "@modelcontextprotocol/server-everything"]}}}',
  ],
  [
    "VS Code's settings",
    '{"mcp": {"servers": {"everything": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-everything"]}}}}',
  ],
  [
    "servers by their names",
    '{"everything": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-everything"]}}',
  ],
  [
    "a snippet without braces",
    '"mcpServers": {"everything": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-everything"]}}',
  ],
  [
    "comments and commas",
    `\uFEFF{
      // The servers
      "mcpServers": { /* one */ "everything": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-everything",], }, },
    }`,
  ],
])("takes a file of %s", (_of, source) => {
  expect(candidates(source)).toStrictEqual([everything])
})

test("comments and commas within texts stay", () => {
  expect(
    candidates('{"mcpServers": {"a // b": {"command": "x, }", "args": ["/* c */", "\\"//"]}}}'),
  ).toMatchObject([{ name: "a // b", config: { command: "x, }", args: ["/* c */", '"//'] } }])
})

test.each([
  [{ url: "https://example.com/mcp" }, "streamable_http"],
  [{ url: "https://example.com/sse" }, "sse"],
  [{ type: "http", url: "https://example.com/sse" }, "streamable_http"],
  [{ type: "sse", url: "https://example.com/mcp" }, "sse"],
  [{ serverUrl: "https://example.com/mcp" }, "streamable_http"],
  [{ httpUrl: "https://example.com/sse" }, "streamable_http"],
])("%j is a server of the type %s", (entry, type) => {
  expect(candidates(JSON.stringify({ mcpServers: { docs: entry } }))).toMatchObject([
    { config: { mcp_server_type: type } },
  ])
})

test("headers and environments come along, as texts", () => {
  const source = {
    mcpServers: {
      a: { url: "https://example.com/", headers: { Authorization: "Bearer x" } },
      b: { command: "b", env: { PORT: 80, DEBUG: true } },
    },
  }
  expect(candidates(JSON.stringify(source))).toMatchObject([
    { config: { custom_headers: { Authorization: "Bearer x" } } },
    { config: { args: [], env: { PORT: "80", DEBUG: "true" } } },
  ])
})

test("what cannot be taken says why, and does not hold up the others", () => {
  const source = {
    mcpServers: {
      nothing: {},
      args: { command: "a", args: [1] },
      env: { command: "a", env: { a: {} } },
      off: { command: "a", disabled: true, cwd: "/tmp" },
    },
  }
  expect(candidates(JSON.stringify(source))).toMatchObject([
    { name: "nothing", problem: expect.any(String) },
    { name: "args", problem: expect.any(String) },
    { name: "env", problem: expect.any(String) },
    { name: "off", notes: [expect.stringContaining("turned off"), expect.stringContaining("cwd")] },
  ])
})

test("what VS Code would ask for is asked for, and filled in where it stands", () => {
  const found = parseImport(
    JSON.stringify({
      inputs: [{ id: "token", type: "promptString", description: "API token", password: true }],
      servers: { a: { url: "https://example.com/", headers: { Authorization: "Bearer ${input:token}" } } },
    }),
  )
  if (!("inputs" in found)) return expect.unreachable()
  expect(found.inputs).toStrictEqual([{ id: "token", description: "API token" }])
  const [candidate] = found.candidates
  if (candidate === undefined || !("config" in candidate)) return expect.unreachable()
  expect(fillInputs(candidate.config, new Map([["token", "$& s3cret"]]))).toMatchObject({
    mcp_server_type: "streamable_http",
    custom_headers: { Authorization: "Bearer $& s3cret" },
  })
})

test.each([
  "",
  "  ",
  "hello",
  "[]",
  "{}",
  '{"a": {"b": 1}}',
  '{"mcpServers": 3}',
  "null",
  "{".repeat(20_000),
])("%j holds none, and says so", (source) => {
  expect(parseImport(source)).toStrictEqual({ problem: expect.any(String) })
})

test("a file made to be slow is read at once", () => {
  const before = performance.now()
  parseImport(`{"a": ${"[".repeat(50_000)}${",".repeat(200_000)}`)
  parseImport(`{"a": "${"\\".repeat(200_001)}`)
  expect(performance.now() - before).toBeLessThan(5_000)
})

test("names that mean something to JavaScript are names like any other", () => {
  expect(
    candidates('{"mcpServers": {"__proto__": {"command": "a"}, "constructor": {"command": "b"}}}'),
  ).toMatchObject([
    { name: "__proto__", config: { command: "a" } },
    { name: "constructor", config: { command: "b" } },
  ])
})

import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import { expect, test } from "vitest"
import { changedParts } from "../../src/audit/changedParts.ts"
import { makeMcpServerId, type McpServer } from "../../src/servers/McpServer.ts"

const remote = {
  type: "streamable_http",
  serverUrl: "https://a.example/mcp",
  authHeader: null,
  authToken: Redacted.make("one"),
  customHeaders: { "X-A": Redacted.make("a") },
  oauth: null,
} as const
const command = {
  type: "stdio",
  command: "npx",
  args: ["-y", "it"],
  env: { KEY: Redacted.make("k") },
} as const
const server = (config: McpServer["config"], name = "server"): McpServer => ({
  id: makeMcpServerId(),
  organizationId: "acme",
  name,
  config,
  revision: 1,
  createdBy: "alice",
  updatedBy: "alice",
  createdAt: DateTime.makeUnsafe(0),
  updatedAt: DateTime.makeUnsafe(0),
})

test.each([
  ["nothing", remote, { ...remote, customHeaders: { "X-A": Redacted.make("a") } }, []],
  ["a URL", remote, { ...remote, serverUrl: "https://b.example/mcp" }, ["endpoint"]],
  ["a transport", remote, { ...remote, type: "sse" }, ["endpoint"]],
  ["a token", remote, { ...remote, authToken: Redacted.make("two") }, ["credentials"]],
  ["a header", remote, { ...remote, customHeaders: null }, ["credentials"]],
  [
    "both",
    remote,
    { ...remote, serverUrl: "https://b.example/mcp", authToken: null },
    ["endpoint", "credentials"],
  ],
  ["arguments", command, { ...command, args: ["-y it"] }, ["endpoint"]],
  ["an environment", command, { ...command, env: null }, ["credentials"]],
  ["another kind", remote, command, ["endpoint", "credentials"]],
  ["another kind, back", command, remote, ["endpoint", "credentials"]],
] as const)("%s", (_, before, after, parts) => {
  expect(changedParts(server(before), server(after))).toStrictEqual(parts)
  expect(changedParts(server(before), server(after, "other"))).toStrictEqual(["name", ...parts])
})

import { expect, test } from "vitest"
import type { RemoteServer, StdioServer } from "../web/api/wire.ts"
import {
  checkDraft,
  emptyServerDraft,
  problemsOf,
  serverDraftOf,
  toConfig,
  toUpdate,
} from "../web/add/ServerDraft.ts"

const stdio: StdioServer = {
  id: "mcp_server-1",
  server_name: "files",
  mcp_server_type: "stdio",
  command: "node",
  args: ["server.js", "two words"],
  env: { TOKEN: "s3cret", OTHER: "s3cret too" },
}
const remote: RemoteServer = {
  id: "mcp_server-2",
  server_name: "docs",
  mcp_server_type: "streamable_http",
  server_url: "https://example.com/mcp",
  auth_header: null,
  auth_token: "s3cret",
  custom_headers: { "x-key": "s3cret" },
}

test("a config holds what was written, and nothing that was not", () => {
  expect(toConfig({ ...emptyServerDraft, url: " https://example.com/mcp " })).toStrictEqual({
    mcp_server_type: "streamable_http",
    server_url: "https://example.com/mcp",
  })
  expect(
    toConfig({ ...emptyServerDraft, type: "stdio", command: "npx", args: "-y\nan argument\n\nx\n" }),
  ).toStrictEqual({
    mcp_server_type: "stdio",
    command: "npx",
    args: ["-y", "an argument", "", "x"],
  })
})

test("the form of a registered server holds no secret that is shown", () => {
  expect(serverDraftOf(remote).token).toBe("")
  for (const { value } of [...serverDraftOf(remote).headers, ...serverDraftOf(stdio).env])
    expect(value).toBe("")
})

test("an update that touches no secret sends none", () => {
  expect(JSON.stringify(toUpdate({ ...serverDraftOf(stdio), command: "bun" }, stdio))).not.toContain("s3cret")
  expect(JSON.stringify(toUpdate({ ...serverDraftOf(remote), name: "other" }, remote))).not.toContain(
    "s3cret",
  )
})

test("an update of one variable keeps the others, and leaves out what was removed", () => {
  const draft = serverDraftOf(stdio)
  const [token, other] = draft.env
  if (token === undefined || other === undefined) return expect.unreachable()
  expect(toUpdate({ ...draft, env: [{ ...token, value: "new" }, other] }, stdio)).toMatchObject({
    env: { TOKEN: "new", OTHER: "s3cret too" },
  })
  expect(toUpdate({ ...draft, env: [other] }, stdio)["env"]).toStrictEqual({ OTHER: "s3cret too" })
})

test("another type replaces the whole config", () => {
  expect(
    toUpdate({ ...serverDraftOf(stdio), type: "sse", url: "https://example.com/sse" }, stdio),
  ).toStrictEqual({
    mcp_server_type: "sse",
    server_url: "https://example.com/sse",
  })
})

test("an OAuth client is sent when something of it was written", () => {
  const oauth = { ...emptyServerDraft.oauth, clientId: "app", scopes: " read  write " }
  expect(toUpdate({ ...serverDraftOf(remote), oauth }, remote)["oauth"]).toStrictEqual({
    grant_type: "authorization_code",
    client_id: "app",
    scopes: ["read", "write"],
  })
  expect("oauth" in toUpdate(serverDraftOf(remote), remote)).toBe(false)
})

test("the complaints of a 422 are at the fields that they are about", () => {
  const { fields, whole } = problemsOf([
    { loc: ["body", "config", "server_url"], msg: "is no URL" },
    { loc: ["body", "config", "env", "TOKEN"], msg: "is too long" },
    { loc: ["body", "config", "oauth", "issuer"], msg: "is required" },
    { loc: ["body", "server_name"], msg: "is empty" },
    { loc: ["body"], msg: "makes no sense" },
  ])
  expect(Object.fromEntries(fields)).toStrictEqual({
    url: "Is no URL",
    env: "TOKEN: is too long",
    oauth: "issuer: is required",
    name: "Is empty",
  })
  expect(whole).toStrictEqual(["Makes no sense"])
})

test.each([
  [{ url: "https://example.com" }, ["name"]],
  [{ name: "a", url: "example.com" }, ["url"]],
  [{ name: "a", type: "stdio" as const }, ["command"]],
  [
    {
      name: "a",
      url: "https://a.example",
      headers: [
        { name: "X-A", value: "1", kept: undefined },
        { name: "x-a", value: "2", kept: undefined },
      ],
    },
    ["headers"],
  ],
  [{ name: "a", url: "https://a.example" }, []],
])("of %j it is told before it is sent: %j", (part, fields) => {
  expect([...checkDraft({ ...emptyServerDraft, ...part }).fields.keys()]).toStrictEqual(fields)
})

import { describe, expect, test } from "vitest"
import { describeAct } from "../web/server/describeAct.ts"
import type { AuditRecord } from "../web/api/wire.ts"
import { parseRoute, toHash } from "../web/app/Route.ts"
import { takeEvents } from "../web/api/readEvents.ts"
import { apiError } from "../web/api/ApiError.ts"
import { clip, showControls } from "../web/parts/foreignText.ts"
import { safeLink } from "../web/parts/safeLink.ts"
import { contentPart } from "../web/results/ContentPart.ts"

describe("a link", () => {
  test.each(["https://example.com/a?b#c", "http://127.0.0.1:3000/"])("may lead to %s", (url) => {
    expect(safeLink(url)).toBe(url)
  })

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://example.com/1",
    "https://user:password@example.com/",
    "//example.com",
    "/path",
    "",
    `https://example.com/${"a".repeat(10_000)}`,
    null,
    3,
  ])("may not lead to %j", (url) => {
    expect(safeLink(url)).toBeUndefined()
  })
})

describe("a part of a result", () => {
  test.each([
    ["image", "image/png"],
    ["image", "IMAGE/JPEG; q=1"],
    ["audio", "audio/wav"],
  ])("of the type %s in %s is shown from a data: URL of that very type", (type, mimeType) => {
    const part = contentPart({ type, mimeType, data: "aGk=" })
    expect(part).toMatchObject({
      kind: type,
      source: expect.stringMatching(/^data:(image|audio)\/\w+;base64,aGk=$/),
    })
  })

  test.each([
    { type: "image", mimeType: "image/svg+xml", data: "aGk=" },
    { type: "image", mimeType: "text/html", data: "aGk=" },
    { type: "image", mimeType: "image/png,<script>", data: "aGk=" },
    { type: "image", mimeType: "image/png", data: '"><script>alert(1)</script>' },
    { type: "image", mimeType: "image/png", data: "" },
    { type: "image", data: "aGk=" },
    { type: "audio", mimeType: "image/png", data: "aGk=" },
    { type: "video", data: "aGk=" },
    { type: "constructor" },
    {},
    null,
    "text",
    3,
    undefined,
  ])("%j is shown as it was received, and no other way", (value) => {
    expect(contentPart(value).kind).toBe("unknown")
  })

  test("that is a link or a resource is one only where it leads to the web", () => {
    expect(contentPart({ type: "resource_link", uri: "javascript:alert(1)", name: "x" })).toMatchObject({
      kind: "link",
      href: undefined,
    })
    expect(
      contentPart({
        type: "resource",
        resource: { uri: "data:text/html,x", mimeType: "text/html", text: "<b>" },
      }),
    ).toMatchObject({ kind: "resource", href: undefined, text: "<b>", content: undefined })
    expect(
      contentPart({ type: "resource", resource: { uri: "a:b", mimeType: "image/svg+xml", blob: "aGk=" } }),
    ).toMatchObject({ content: { kind: "unknown" }, bytes: 2 })
  })
})

test("what would turn the text around it, or hide in it, is made visible", () => {
  expect(showControls("a\u202Eb\u0000c\u2066d\u200Be\r\n\tf👩‍🚀")).toBe("a�b�c�d�e\r\n\tf👩‍🚀")
})

test("a text is cut between characters", () => {
  expect(clip("a🙂b", 2)).toStrictEqual({ text: "a", isClipped: true })
  expect(clip("ab", 2)).toStrictEqual({ text: "ab", isClipped: false })
})

test("events are taken whole, and what is none is passed over", () => {
  expect(takeEvents(': ping\n\ndata: {"a":1}\n\ndata: {\n\ndata: {"b"')).toStrictEqual({
    events: [{ a: 1 }],
    rest: 'data: {"b"',
  })
})

test.each([
  undefined,
  null,
  "<html>",
  { message: 3, error: "x", detail: "y" },
  { detail: [null, { loc: 3 }] },
])("%j in the place of an error is one that names the status", (body) => {
  expect(apiError(502, body)).toMatchObject({
    status: 502,
    message: expect.stringContaining("502"),
    issues: [],
  })
})

test.each<[Partial<AuditRecord>, string]>([
  [{ action: "registered", name: "docs" }, "registered it as docs"],
  [{ action: "changed", parts: ["endpoint", "credentials"] }, "changed its address and credentials"],
  [{ action: "connected", outcome: "success" }, "connected to it"],
  [{ action: "connected", outcome: "access_denied" }, "could not connect to it (access denied)"],
  [{ action: "ran", tool: "echo", outcome: "success", runs: 3 }, "ran echo 3 times"],
  [{ action: "ran", tool: "echo", outcome: "error", runs: 1 }, "ran echo (error)"],
  [
    {
      action: "tools_changed",
      added: { count: 7, names: ["a", "b", "c", "d", "e", "f", "g"] },
      updated: { count: 1, names: ["h"] },
      deleted: { count: 0, names: [] },
    },
    "saw its tools change: a, b, c, d, e and 2 more added; h changed",
  ],
  [{ action: "something_new" }, "something new"],
])("%j is told as: %s", (record, told) => {
  expect(describeAct({ id: "1", at: "", user_id: "alice", action: "", ...record })).toBe(told)
})

test.each([
  [toHash.servers, { screen: "servers" }],
  ["", { screen: "servers" }],
  [toHash.add, { screen: "add", way: "form" }],
  [toHash.import, { screen: "add", way: "import" }],
  [toHash.server("a/b"), { screen: "server", id: "a/b", tab: "tools", toolId: undefined }],
  [toHash.server("a", "health"), { screen: "server", id: "a", tab: "health", toolId: undefined }],
  [toHash.tool("a", "b%c"), { screen: "server", id: "a", tab: "tools", toolId: "b%c" }],
  [toHash.connect("a"), { screen: "connect", id: "a" }],
  ["#/servers/%E0%A4%A", { screen: "server", id: "%E0%A4%A", tab: "tools", toolId: undefined }],
  ["#/elsewhere", { screen: "nowhere" }],
  ["#/servers/a/b/c/d", { screen: "nowhere" }],
])("%s is a screen", (hash, route) => {
  expect(parseRoute(hash)).toStrictEqual(route)
})

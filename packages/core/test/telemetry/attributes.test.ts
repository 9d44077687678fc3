import * as Schema from "effect/Schema"
import { expect, test } from "vitest"
import { ServerConfig } from "../../src/servers/ServerConfig.ts"
import { nameAttribute, serverAttributes } from "../../src/telemetry/attributes.ts"

const attributesOf = (serverUrl: string) =>
  serverAttributes(
    Schema.decodeUnknownSync(ServerConfig)({
      type: "streamable_http",
      serverUrl,
      authHeader: null,
      authToken: null,
      customHeaders: null,
    }),
  )

test("of a URL nothing is told but host and port", () => {
  expect(attributesOf("https://user:secret@mcp.example/secret?secret=1#secret")).toStrictEqual({
    "network.transport": "tcp",
    "network.protocol.name": "http",
    "server.address": "mcp.example",
    "server.port": 443,
  })
  expect(attributesOf("http://[::1]:81/")).toMatchObject({ "server.address": "::1", "server.port": 81 })
  expect(attributesOf("http://mcp.example/")).toMatchObject({ "server.port": 80 })
})

test("a name fits in one line", () => {
  expect(nameAttribute("get_weather")).toBe("get_weather")
  expect(nameAttribute("a\nb\u001B[31m\u202E\uD800c")).toBe("a\u{FFFD}b\u{FFFD}[31m\u{FFFD}\u{FFFD}c")
  expect(nameAttribute("x".repeat(1_000))).toHaveLength(128)
})

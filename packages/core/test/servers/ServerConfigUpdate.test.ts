import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { describe, expect, test } from "vitest"
import type { SseConfig, StdioConfig } from "../../src/servers/ServerConfig.ts"
import { applyConfigUpdate, mask, type ServerConfigUpdate } from "../../src/servers/ServerConfigUpdate.ts"

const secret = (text: string) => Redacted.make(text)

const stdio: StdioConfig = { type: "stdio", command: "npx", args: ["-y", "it"], env: { KEY: secret("k") } }
const sse: SseConfig = {
  type: "sse",
  serverUrl: "https://one.example/mcp",
  authHeader: "X-Key",
  authToken: secret("t"),
  customHeaders: { "X-A": secret("a"), "X-B": secret("b") },
  oauth: null,
}

const updated = (stored: typeof stdio | typeof sse, update: ServerConfigUpdate, maskSecrets = false) =>
  Result.getOrThrow(applyConfigUpdate(stored, update, maskSecrets))
const refused = (stored: typeof stdio | typeof sse, update: ServerConfigUpdate, maskSecrets = false) =>
  Result.getOrThrow(Result.flip(applyConfigUpdate(stored, update, maskSecrets)))

describe("an update of a config", () => {
  test("that names nothing keeps everything", () => {
    expect(updated(stdio, {})).toStrictEqual(stdio)
    expect(updated(sse, { type: "sse" })).toStrictEqual(sse)
  })

  test("null clears what is optional and keeps what is required", () => {
    expect(updated(stdio, { command: null, args: null, env: null })).toStrictEqual({ ...stdio, env: null })
    expect(
      updated(sse, { serverUrl: null, authHeader: null, authToken: null, customHeaders: null }),
    ).toStrictEqual({
      type: "sse",
      serverUrl: sse.serverUrl,
      authHeader: null,
      authToken: null,
      customHeaders: null,
      oauth: null,
    })
  })

  test("without a type is for the stored kind", () => {
    expect(updated(sse, { serverUrl: "https://two.example/" })).toMatchObject({
      type: "sse",
      authHeader: "X-Key",
    })
    expect(updated(stdio, { args: [] })).toStrictEqual({ ...stdio, args: [] })
  })

  test("that gives what only the other kind has replaces the config", () => {
    expect(updated(sse, { command: "uvx", args: [] })).toStrictEqual({
      type: "stdio",
      command: "uvx",
      args: [],
      env: null,
    })
    expect(updated(stdio, { serverUrl: "https://two.example/" })).toStrictEqual({
      type: "streamable_http",
      serverUrl: "https://two.example/",
      authHeader: null,
      authToken: null,
      customHeaders: null,
      oauth: null,
    })
  })

  test("to another type must be complete, between the two remote types too", () => {
    expect(refused(sse, { type: "stdio", command: "uvx" })).toMatchObject({ field: "args" })
    expect(refused(stdio, { type: "sse" })).toMatchObject({ field: "server_url" })
    expect(refused(sse, { type: "streamable_http" })).toMatchObject({ field: "server_url" })
    expect(updated(sse, { type: "streamable_http", serverUrl: sse.serverUrl })).toMatchObject({
      authToken: null,
    })
  })

  test("with a command and a URL and no type is ambiguous", () => {
    expect(refused(sse, { command: "uvx", args: [], serverUrl: "https://two.example/" })).toMatchObject({
      field: "command",
    })
  })

  test("without maskSecrets a mask is a value like any other", () => {
    const next = updated(stdio, { env: { KEY: secret(mask), constructor: secret(mask) } })
    expect(next).toMatchObject({ env: { KEY: secret(mask), constructor: secret(mask) } })
  })
})

describe("where answers mask secrets", () => {
  const elsewhere = "https://two.example/mcp"

  test("a move to another origin must bring the secrets anew", () => {
    expect(refused(sse, { serverUrl: elsewhere }, true)).toMatchObject({ field: "server_url" })
    expect(refused(sse, { serverUrl: elsewhere, authToken: secret("new") }, true)).toMatchObject({
      field: "server_url",
    })
    expect(
      refused(sse, { serverUrl: elsewhere, authToken: null, customHeaders: { "X-A": secret(mask) } }, true),
    ).toMatchObject({ field: "server_url" })
  })

  test("a move within the origin, without secrets or with new ones goes through", () => {
    expect(updated(sse, { serverUrl: "https://one.example/other" }, true)).toMatchObject({
      authToken: sse.authToken,
    })
    const cleared = { serverUrl: elsewhere, authToken: null, customHeaders: null }
    expect(updated(sse, cleared, true)).toMatchObject({ serverUrl: elsewhere })
    const renewed = {
      serverUrl: elsewhere,
      authToken: secret("new"),
      customHeaders: { "X-A": secret("new") },
    }
    expect(updated(sse, renewed, true)).toMatchObject({ serverUrl: elsewhere })
  })

  test("masks that are handed back keep those values", () => {
    const next = updated(
      sse,
      { authToken: secret(mask), customHeaders: { "X-A": secret(mask), "X-B": secret("new") } },
      true,
    )
    expect(next).toMatchObject({ authToken: sse.authToken })
    const headers = "customHeaders" in next ? (next.customHeaders ?? {}) : {}
    expect(Object.entries(headers).map(([name, value]) => [name, Redacted.value(value)])).toStrictEqual([
      ["X-A", "a"],
      ["X-B", "new"],
    ])
  })

  test("a mask that stands for nothing is refused, inherited names included", () => {
    const masked = (name: string) => ({ [name]: secret(mask) })
    for (const name of ["X-C", "constructor", "toString", "hasOwnProperty"]) {
      expect(refused(sse, { customHeaders: masked(name) }, true)).toMatchObject({ field: "custom_headers" })
      expect(refused(stdio, { env: masked(name) }, true)).toMatchObject({ field: "env" })
    }
    expect(refused({ ...sse, authToken: null }, { authToken: secret(mask) }, true)).toMatchObject({
      field: "auth_token",
    })
    expect(
      refused(sse, { type: "streamable_http", serverUrl: sse.serverUrl, env: masked("KEY") }, true),
    ).toMatchObject({ field: "env" })
  })

  test("no stored secret goes over to another type of server, wherever that is", () => {
    const moved = { type: "streamable_http" as const, serverUrl: elsewhere }
    expect(refused(sse, { ...moved, authToken: secret(mask) }, true)).toMatchObject({ field: "auth_token" })
    expect(refused(sse, { ...moved, customHeaders: { "X-A": secret(mask) } }, true)).toMatchObject({
      field: "custom_headers",
    })
    expect(updated(sse, moved, true)).toMatchObject({ authToken: null, customHeaders: null })
  })

  test("a variable beside kept ones, which could have the program print them, must come with all of them", () => {
    const loader = { NODE_OPTIONS: secret("--import data:text/javascript,…") }
    expect(refused(stdio, { env: { KEY: secret(mask), ...loader } }, true)).toMatchObject({ field: "env" })
    expect(updated(stdio, { env: { KEY: secret("new"), ...loader } }, true)).toMatchObject({ type: "stdio" })
    expect(updated(stdio, { env: { KEY: secret(mask) } }, true)).toStrictEqual(stdio)
  })

  test("another command, which could print the environment, must bring it anew", () => {
    expect(refused(stdio, { command: "sh" }, true)).toMatchObject({ field: "env" })
    expect(refused(stdio, { args: ["-c", "env"] }, true)).toMatchObject({ field: "env" })
    expect(refused(stdio, { args: [], env: { KEY: secret(mask) } }, true)).toMatchObject({ field: "env" })
    expect(updated(stdio, { args: [], env: { KEY: secret("new") } }, true)).toMatchObject({ args: [] })
    expect(updated(stdio, { command: "sh", env: null }, true)).toMatchObject({ command: "sh", env: null })
    expect(updated(stdio, { command: "npx" }, true)).toStrictEqual(stdio)
  })
})

import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { expect, test } from "vitest"
import { fillVariables } from "../../src/servers/fillVariables.ts"
import type { StreamableHttpConfig } from "../../src/servers/ServerConfig.ts"

const config = (token: string, header = "plain"): StreamableHttpConfig => ({
  type: "streamable_http",
  serverUrl: "https://mcp.example/{{ NOT_HERE }}",
  authHeader: null,
  authToken: Redacted.make(token),
  customHeaders: { "X-A": Redacted.make(header) },
  oauth: null,
})
const actor = (userId: string, variables: Record<string, string> = {}) => ({
  organizationId: "org",
  userId,
  variables: Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, Redacted.make(value)]),
  ),
})
const token = (template: string, variables: Record<string, string>) => {
  const { config: filled } = Result.getOrThrow(fillVariables(config(template), actor("u", variables)))
  return "authToken" in filled && filled.authToken !== null ? Redacted.value(filled.authToken) : undefined
}

test.each([
  ["{{ KEY }}", { KEY: "k" }, "k"],
  ["{{KEY}}", { KEY: "k" }, "k"],
  ["Bearer {{ KEY }}-{{ KEY }}", { KEY: "k" }, "Bearer k-k"],
  ["{{ KEY | fallback }}", {}, "fallback"],
  ["{{ KEY | a | b }}", {}, "a | b"],
  ["{{ KEY | }}", {}, ""],
  ["{{ KEY | fallback }}", { KEY: "k" }, "k"],
  ["{{ KEY }}", { KEY: "{{ OTHER }}", OTHER: "no" }, "{{ OTHER }}"],
  ["no { braces } here", {}, "no { braces } here"],
])("%j with %j is %j", (template, variables, expected) => {
  expect(token(template, variables)).toBe(expected)
})

test("a variable without a value names itself, not its neighbours' values", () => {
  const missing = Result.getOrThrow(
    Result.flip(fillVariables(config("{{ A }}{{ B }}"), actor("u", { A: "canary" }))),
  )
  expect(missing.message).toContain("The variable B")
  expect(missing.message).not.toContain("canary")
})

test.each(["constructor", "toString", "__proto__", "hasOwnProperty", ""])(
  "the name %j, which no variable has, is missing",
  (name) => {
    const filled = fillVariables(config(`{{ ${name} }}`), actor("u", { KEY: "k" }))
    expect(Result.isFailure(filled)).toBe(true)
  },
)

test("only a config with variables is one user's own, and anew with every value", () => {
  const credential = (template: string, userId: string, variables: Record<string, string>) => {
    const filled = Result.getOrThrow(fillVariables(config(template), actor(userId, variables)))
    return filled.credential === undefined ? undefined : Redacted.value(filled.credential)
  }
  expect(credential("plain", "alice", { KEY: "k" })).toBeUndefined()
  const alice = credential("{{ KEY }}", "alice", { KEY: "k" })
  expect(alice).toBe(credential("{{ KEY }}", "alice", { KEY: "k" }))
  expect(alice).not.toBe(credential("{{ KEY }}", "bob", { KEY: "k" }))
  expect(alice).not.toBe(credential("{{ KEY }}", "alice", { KEY: "other" }))
})

test("a text of a megabyte of braces is no trouble", () => {
  const started = performance.now()
  fillVariables(config("{{".repeat(2 ** 19)), actor("u"))
  expect(performance.now() - started).toBeLessThan(1_000)
})

import { tokenizer } from "acorn"
import { globSync, readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { analyse } from "scslre"
import { expect, test } from "vitest"

// No text makes a regular expression of ours slow: each is analysed for backtracking that grows faster than the text.

const root = new URL("../", import.meta.url).pathname

/** Those that are slow on texts that only the host itself can write, and why that is so. */
const known: ReadonlyArray<string> = [
  // The options `publicUrl` and `path`, and the argument of `mountAt`.
  String.raw`packages/core/src/oauth/oauthHost.ts: /\/+$/`,
  String.raw`packages/adapter-koa/src/koaMooring.ts: /\/+$/`,
  String.raw`packages/core/src/http/mountAt.ts: /\/+$/`,
]
/**
 * The analysis takes for granted that the alternatives of a repeated group exclude one another, which is for people to
 * see: by their first characters, these do.
 */
const alternatives: ReadonlyArray<string> = [
  String.raw`packages/storage-sqlite/src/client/StatementCache.ts: /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*$/`,
]
/** Made of a text, which is a constant there, or only to see whether it is one, and never run. */
const constructed: ReadonlyArray<string> = [
  "packages/core/src/telemetry/attributes.ts",
  "packages/core/src/agents/strictValue.ts",
]

interface Literal {
  readonly pattern: string
  readonly flags: string
}

const isSlow = ({ flags, pattern }: Literal) =>
  analyse({ source: pattern, flags }, { reportTypes: { Move: true, Self: true, Trade: true } }).reports
    .length > 0

/** The tokens of every source that runs in a host. */
const sources = globSync("packages/*/src/**/*.ts", {
  cwd: root,
  exclude: (path) => /^packages\/(test-|testkit)/.test(path),
}).map((path) => {
  const script = stripTypeScriptTypes(readFileSync(root + path, "utf8"))
  const tokens: ReadonlyArray<object> = [
    ...tokenizer(script, { ecmaVersion: "latest", sourceType: "module" }),
  ]
  return { path, values: tokens.map((token) => ("value" in token ? token.value : undefined)) }
})

/** Whether a group with alternatives is repeated, as in `(?:a|b)*`. */
const repeatsAlternatives = ({ pattern }: Literal): boolean => {
  const plain = pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, "x")
  const groups: Array<boolean> = []
  for (const [index, character] of [...plain].entries()) {
    if (character === "(") groups.push(false)
    if (character === "|" && groups.length > 0) groups[groups.length - 1] = true
    if (character === ")" && groups.pop() === true && /^[*+{]/.test(plain.slice(index + 1))) return true
  }
  return false
}

const isLiteral = (value: unknown): value is Literal =>
  typeof value === "object" && value !== null && "pattern" in value && "flags" in value

test("the analysis finds what it is for", () => {
  for (const pattern of ["^(a+)+$", "^(.*),(.*),(.*)$", String.raw`\s+$`]) {
    expect(isSlow({ pattern, flags: "" }), pattern).toBe(true)
  }
  for (const pattern of ["^a+$", "^[a-z]+:[a-z]+$", String.raw`^\d{1,3}$`, "^(?:a|b)*$"]) {
    expect(isSlow({ pattern, flags: "" }), pattern).toBe(false)
  }
})

const literals = sources.flatMap(({ path, values }) =>
  values.filter(isLiteral).map(({ flags, pattern }) => ({ flags, pattern, name: `${path}: /${pattern}/` })),
)
const namesOf = (those: typeof literals) => those.map(({ name }) => name).toSorted()

test("no regular expression is slow, whatever the text", () => {
  expect(literals.length).toBeGreaterThan(50)
  expect(namesOf(literals.filter(isSlow))).toStrictEqual(known.toSorted())
})

test("repeated alternatives exclude one another", () => {
  expect(repeatsAlternatives({ pattern: "^(?:a|(?:b|c))+$", flags: "" })).toBe(true)
  expect(repeatsAlternatives({ pattern: String.raw`^(?:a|b)[|)]*\)+$`, flags: "" })).toBe(false)
  expect(namesOf(literals.filter(repeatsAlternatives))).toStrictEqual(alternatives.toSorted())
})

test("none is made of a text, which nobody could analyse", () => {
  const files = sources.filter(({ values }) => values.includes("RegExp"))
  expect(files.map(({ path }) => path)).toStrictEqual(constructed)
})

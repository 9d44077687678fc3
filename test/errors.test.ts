import { globSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { errorStatuses } from "../packages/core/src/errorStatuses.ts"

// docs/errors.md has every stable word of an error with its status, and no other.

const root = new URL("../", import.meta.url).pathname
const page = readFileSync(`${root}docs/errors.md`, "utf8")

const rows = [...page.matchAll(/^\| (\d{3}) +\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(
  ([, status, type, meaning, advice]) => ({ status: Number(status), type, meaning, advice }),
)

test("every word is in the table once, with its status, what it means and what to do", () => {
  const listed = rows.map(({ status, type }) => `${status} ${type}`)
  const known = Object.entries(errorStatuses).map(([type, status]) => `${status} ${type}`)
  expect(listed.toSorted()).toStrictEqual(known.toSorted())
  for (const { advice, meaning } of rows) expect([meaning, advice].join("").length).toBeGreaterThan(20)
})

test("the options that the page names are there", () => {
  const options = readFileSync(`${root}packages/core/src/Options.ts`, "utf8")
  const named = [...page.matchAll(/`(?:limits|rateLimit)\.(\w+)`/g)].map(([, name]) => name)
  expect(named.length).toBeGreaterThan(5)
  for (const name of named) expect(options).toContain(`  ${name}: `)
})

test("the words of the adapters are among them", () => {
  const answers = globSync("packages/adapter-*/src/**/*.ts", { cwd: root }).flatMap((path) =>
    [...readFileSync(root + path, "utf8").matchAll(/error: \{ type: "(\w+)" \}/g)].map(([, type]) => type),
  )
  expect(answers).not.toHaveLength(0)
  for (const type of answers) expect(Object.keys(errorStatuses)).toContain(type)
})

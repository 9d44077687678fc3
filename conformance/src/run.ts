// Runs the client scenarios of the official conformance suite through Mooring and compares with EXPECTED.md.
// Names as arguments select: `node --conditions=@mooring/source src/run.ts auth/`.
import { readFile } from "node:fs/promises"
import { parseExpected, toRow, verdictOf } from "./expected.ts"
import { clientScenarios, type Measured, revisions, runRequirements, runScenario } from "./suite.ts"

/** More of them make each other late on a small machine, which some scenarios measure. */
const lanes = 2

const words = process.argv.slice(2)
const expected = parseExpected(await readFile(new URL("../EXPECTED.md", import.meta.url), "utf8"))
const known = await clientScenarios()
const selected = known.filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
const say = (line: string) => void process.stdout.write(`${line}\n`)

let passed = 0
let asExpected = 0
const newlyFailed: Array<string> = []

const judge = (measured: Measured): void => {
  const { findings, isPassed, scenario } = measured
  const row = expected.get(scenario)
  const verdict = verdictOf(measured, row)
  say(`${isPassed ? "✓" : "✗"} ${scenario}: ${measured.passed} passed, ${measured.failed} not`)
  if (isPassed) passed += 1
  else if (verdict.type === "newly_failed") newlyFailed.push(scenario)
  else asExpected += 1
  // A scenario may pass although the client gave up: with which words, is worth a look.
  for (const finding of findings) say(`    ${finding}`)
  if (verdict.type === "table_is_old") {
    say(`  EXPECTED.md has another result. Its row now: ${toRow(measured, row?.reason ?? "")}`)
  }
}

const waiting = [...selected]
const work = async () => {
  for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
    judge(await runScenario(scenario))
  }
}
await Promise.all(Array.from({ length: lanes }, work))

for (const scenario of expected.keys()) {
  if (!known.includes(scenario)) say(`EXPECTED.md names ${scenario}, which the suite no longer has.`)
}

// What a revision requires is told apart: some scenarios are spoken otherwise there.
const failedRequirements: Array<string> = []
for (const revision of words.length === 0 ? revisions : []) {
  const required = await runRequirements(revision)
  const failed = required.filter((scenario) => scenario.failed > 0 || scenario.passed === 0)
  say(`${revision}: ${required.length - failed.length} of ${required.length} scenarios passed`)
  for (const { failed: checks, scenario } of failed) say(`  ✗ ${scenario}: ${checks} checks failed`)
  if (required.length === 0 || failed.length > 0) failedRequirements.push(revision)
}

if (selected.length === 0) say(`No scenario has ${words.join(" or ")} in its name.`)
for (const scenario of newlyFailed) say(`${scenario} is expected to pass, or not in EXPECTED.md, and failed.`)
for (const revision of failedRequirements) say(`What ${revision} requires is not met.`)
process.exitCode = newlyFailed.length > 0 || failedRequirements.length > 0 || selected.length === 0 ? 1 : 0
say(`${passed} scenarios passed, ${asExpected} as expected not passed`)

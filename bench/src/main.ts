import { writeFile } from "node:fs/promises"
import { benches } from "./benches.ts"
import { columns, describe } from "./report/describe.ts"
import { load, machine } from "./report/machine.ts"
import { type BenchResult, results } from "./report/results.ts"
import { table } from "./report/table.ts"

const words = process.argv.slice(2)
const selected = benches.filter(({ name }) => words.every((word) => name.includes(word)))
if (selected.length === 0) {
  process.stderr.write(
    `No bench has ${words.join(" ")} in its name: ${benches.map(({ name }) => name).join("; ")}\n`,
  )
  process.exit(1)
}

const start = performance.now()
const circumstances = { date: new Date(), command: ["pnpm bench", ...words].join(" "), load: load() }
const software = new Set<string>()
const ran: Array<BenchResult> = []
{
  await using resources = new AsyncDisposableStack()
  for (const bench of selected) {
    process.stdout.write(`\n${bench.name}\n`)
    const found = await bench.run({ resources, uses: (name) => void software.add(name) })
    const findings = found.map(describe)
    ran.push({ bench, findings })
    process.stdout.write(
      `${table(
        columns,
        findings.map(({ cells }) => cells),
      )}\n`,
    )
  }
}

const page = results(ran, {
  ...circumstances,
  machine: machine([...software]),
  seconds: (performance.now() - start) / 1000,
})
await writeFile(new URL("../RESULTS.md", import.meta.url), page)
process.exitCode = ran.some(({ findings }) => findings.some(({ isMissed }) => isMissed)) ? 1 : 0

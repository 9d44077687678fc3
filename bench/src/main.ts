import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
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

const ran: Array<BenchResult> = []
{
  await using resources = new AsyncDisposableStack()
  for (const bench of selected) {
    process.stdout.write(`\n${bench.name}\n`)
    const software = new Set<string>()
    const start = performance.now()
    const began = { date: new Date(), load: load() }
    const found = await bench.run({ resources, uses: (name) => void software.add(name) })
    const findings = found.map(describe)
    const seconds = (performance.now() - start) / 1000
    ran.push({ bench, findings, seconds, machine: machine([...software]), ...began })
    process.stdout.write(
      `${table(
        columns,
        findings.map(({ cells }) => cells),
      )}\n`,
    )
  }
}

const page = new URL("../RESULTS.md", import.meta.url)
const previous = existsSync(page) ? await readFile(page, "utf8") : ""
const names = benches.map(({ name }) => name)
await writeFile(page, results(names, ran, previous))
process.exitCode = ran.some(({ findings }) => findings.some(({ isMissed }) => isMissed)) ? 1 : 0

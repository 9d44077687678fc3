import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import type { Bench } from "../Bench.ts"
import { describe, findingsTable } from "./describe.ts"
import { load, machine } from "./machine.ts"
import { type BenchResult, type PageTexts, results } from "./results.ts"

/**
 * Runs the benches whose name has every word of the command line, and writes what came out to a page. The process ends
 * with 1 where a goal is missed.
 */
export const runBenches = async (
  benches: ReadonlyArray<Bench>,
  page: URL,
  texts: PageTexts,
): Promise<void> => {
  const words = process.argv.slice(2)
  const names = benches.map(({ name }) => name)
  const selected = benches.filter(({ name }) => words.every((word) => name.includes(word)))
  if (selected.length === 0) {
    process.stderr.write(`Nothing has ${words.join(" ")} in its name: ${names.join("; ")}\n`)
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
      process.stdout.write(`${findingsTable(findings)}\n`)
    }
  }

  const previous = existsSync(page) ? await readFile(page, "utf8") : ""
  await writeFile(page, results(texts, names, ran, previous))
  process.exitCode = ran.some(({ findings }) => findings.some(({ isMissed }) => isMissed)) ? 1 : 0
}

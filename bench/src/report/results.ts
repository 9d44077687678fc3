import type { Bench } from "../Bench.ts"
import { columns, type DescribedFinding } from "./describe.ts"
import { table } from "./table.ts"

/** A bench that has run. */
export interface BenchResult {
  readonly bench: Bench
  readonly findings: ReadonlyArray<DescribedFinding>
}

export interface Circumstances {
  readonly date: Date
  readonly command: string
  readonly machine: string
  /** The machine's load when it began. */
  readonly load: string
  readonly seconds: number
}

/** The page `RESULTS.md`. */
export const results = (
  ran: ReadonlyArray<BenchResult>,
  { command, date, load, machine, seconds }: Circumstances,
): string => {
  const missed = ran.flatMap(({ findings }) => findings).filter(({ isMissed }) => isMissed).length
  return [
    "# Results",
    `Written by \`${command}\` on ${date.toISOString().slice(0, 10)}, in ${seconds.toFixed(0)} s: ${missed === 0 ? "every goal is met" : `${missed} missed`}. ${machine} The machine's load was ${load} when it began.`,
    "What is compared takes turns in one run, in random order, so that only the ratio counts: that of the medians, with the interval in which it lies with 95 %. Times are the median and the quartiles of single calls.",
    ...ran.flatMap(({ bench, findings }) => [
      `## ${bench.name}`,
      bench.about,
      table(
        columns,
        findings.map(({ cells }) => cells),
      ),
    ]),
    "## How to run it",
    "`npx -y pnpm@12.4.2 bench` runs everything and writes this page, `bench storage` what has that word in its name. The exit code is 1 where a goal is missed. PostgreSQL is brought along. How a bench is made says [src/Bench.ts](./src/Bench.ts).",
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/, "\n")
}

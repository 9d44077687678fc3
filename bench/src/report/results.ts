import type { Bench } from "../Bench.ts"
import { columns, type DescribedFinding } from "./describe.ts"
import { table } from "./table.ts"

/** A bench that has run, and what is known of the time when it did. */
export interface BenchResult {
  readonly bench: Bench
  readonly findings: ReadonlyArray<DescribedFinding>
  readonly date: Date
  readonly machine: string
  /** The machine's load when it began. */
  readonly load: string
  readonly seconds: number
}

/**
 * The page `RESULTS.md`, in the order of the names of all benches. A bench that has not run now keeps the section that
 * it has on the page as it was.
 */
export const results = (
  names: ReadonlyArray<string>,
  ran: ReadonlyArray<BenchResult>,
  previousPage: string,
): string => {
  const sections = new Map([...sectionsOf(previousPage), ...ran.map(toSection)])
  const measured = names.flatMap((name) => sections.get(name) ?? [])
  const missed = measured.join("\n").split(" ✗ ").length - 1
  return `${[
    "# Results",
    `Written by \`pnpm bench\`: ${missed === 0 ? "every goal is met" : `${missed} missed`}. Each section says when it was measured and on what.`,
    "What is compared takes turns in one run, in random order, so that only the ratio counts: that of the medians, with the interval in which it lies with 95 %. Where nothing else is said, values are the median and the quartiles of single calls.",
    ...measured,
    howToRun,
    "`npx -y pnpm@12.4.2 bench` runs everything and writes this page, `bench storage` what has that word in its name; the other sections stay. The exit code is 1 where a goal is missed. PostgreSQL is brought along. Libraries that do the same are measured where they are installed: by `npm install --ignore-scripts` in [peers](./peers). How a bench is made says [src/Bench.ts](./src/Bench.ts).",
  ].join("\n\n")}\n`
}

const howToRun = "## How to run it"

const toSection = ({ bench, date, findings, load, machine, seconds }: BenchResult) =>
  [
    bench.name,
    [
      `## ${bench.name}`,
      bench.about,
      table(
        columns,
        findings.map(({ cells }) => cells),
      ),
      `Measured on ${date.toISOString().slice(0, 10)}, in ${seconds.toFixed(0)} s. ${machine} The machine's load was ${load} when it began.`,
    ].join("\n\n"),
  ] as const

/** The sections of a page, by their titles. */
const sectionsOf = (page: string): ReadonlyArray<readonly [title: string, section: string]> =>
  page
    .split(/^(?=## )/m)
    .filter((section) => section.startsWith("## ") && !section.startsWith(howToRun))
    .map((section) => [section.slice(3, section.indexOf("\n")), section.trim()])

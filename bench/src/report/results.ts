import type { Bench } from "../Bench.ts"
import { type DescribedFinding, findingsTable } from "./describe.ts"

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

/** What a page says beside its sections. */
export interface PageTexts {
  readonly title: string
  /** What writes it. */
  readonly command: string
  readonly about: string
  readonly howToRun: string
}

/**
 * A page such as `RESULTS.md`, in the order of the names of all benches. A bench that has not run now keeps the section that
 * it has on the page as it was.
 */
export const results = (
  texts: PageTexts,
  names: ReadonlyArray<string>,
  ran: ReadonlyArray<BenchResult>,
  previousPage: string,
): string => {
  const sections = new Map([...sectionsOf(previousPage), ...ran.map(toSection)])
  const measured = names.flatMap((name) => sections.get(name) ?? [])
  const missed = measured.join("\n").split(" ✗ ").length - 1
  return `${[
    `# ${texts.title}`,
    `Written by \`${texts.command}\`: ${missed === 0 ? "every goal is met" : `${missed} missed`}. Each section says when it was measured and on what.`,
    texts.about,
    ...measured,
    howToRun,
    texts.howToRun,
  ].join("\n\n")}\n`
}

const howToRun = "## How to run it"

const toSection = ({ bench, date, findings, load, machine, seconds }: BenchResult) =>
  [
    bench.name,
    [
      `## ${bench.name}`,
      bench.about,
      findingsTable(findings),
      `Measured on ${date.toISOString().slice(0, 10)}, in ${seconds.toFixed(0)} s. ${machine} The machine's load was ${load} when it began.`,
    ].join("\n\n"),
  ] as const

/** The sections of a page, by their titles. */
const sectionsOf = (page: string): ReadonlyArray<readonly [title: string, section: string]> =>
  page
    .split(/^(?=## )/m)
    .filter((section) => section.startsWith("## ") && !section.startsWith(howToRun))
    .map((section) => [section.slice(3, section.indexOf("\n")), section.trim()])

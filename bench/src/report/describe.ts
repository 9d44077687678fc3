import { table } from "./table.ts"
import type { Finding, Goal, Measured, Unit } from "../Bench.ts"
import { median, quantile, ratioOfMedians } from "../sampling/statistics.ts"

/** A finding as the cells of a table, and whether it is what was promised. */
export interface DescribedFinding {
  readonly cells: readonly [
    what: string,
    baseline: string,
    measured: string,
    ratio: string,
    goal: string,
    met: string,
  ]
  readonly isMissed: boolean
}

const columns = ["", "baseline", "measured", "ratio (95 %)", "goal", ""] as const

export const describe = (finding: Finding): DescribedFinding => {
  const { goal, what } = finding
  if (finding.type === "count") {
    const isMissed = !isMet(finding.value, goal)
    return { cells: [what, "", String(finding.value), "", goalText(goal), mark(goal, isMissed)], isMissed }
  }
  if (finding.type === "time") {
    const { measured, part } = finding
    const time = quantile(measured.samples, part)
    const isMissed = !isMet(time, goal)
    const unit = goal === undefined ? "" : " ms"
    return {
      cells: [
        what,
        "",
        `${measured.name}: ${timeText(time)}`,
        "",
        goalText(goal) + unit,
        mark(goal, isMissed),
      ],
      isMissed,
    }
  }
  const ratio = ratioOfMedians(finding.measured.samples, finding.baseline.samples)
  const isMissed = !isMet(ratio.value, goal)
  const ratioText = `${short(ratio.value)} (${short(ratio.low)}–${short(ratio.high)})`
  return {
    cells: [
      what,
      samplesText(finding.baseline, finding.unit),
      samplesText(finding.measured, finding.unit),
      ratioText,
      goalText(goal),
      mark(goal, isMissed),
    ],
    isMissed,
  }
}

/** The findings below each other; a column in which none of them has anything is left out. */
export const findingsTable = (findings: ReadonlyArray<DescribedFinding>): string => {
  const used = columns.flatMap((_, at) => (findings.some(({ cells }) => cells[at] !== "") ? [at] : []))
  const pick = (cells: ReadonlyArray<string>) => used.map((at) => cells[at] ?? "")
  return table(
    pick(columns),
    findings.map(({ cells }) => pick(cells)),
  )
}

const isMet = (value: number, goal: Goal | undefined): boolean =>
  goal === undefined || ("atMost" in goal ? value <= goal.atMost : value >= goal.atLeast)

const goalText = (goal: Goal | undefined): string =>
  goal === undefined ? "" : "atMost" in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`

const mark = (goal: Goal | undefined, isMissed: boolean): string =>
  goal === undefined ? "" : isMissed ? "✗" : "✓"

/** `at 100: 0.12 ms (0.11–0.14)`: the median and the quartiles. */
const samplesText = ({ name, samples }: Measured, unit: Unit = "ms"): string => {
  const values = [median(samples), quantile(samples, 0.25), quantile(samples, 0.75)]
  const isShort = unit === "ms" && values.every((time) => time < 1)
  const [middle, low, high] = values.map((value) => short(isShort ? value * 1000 : value))
  return `${name}: ${middle} ${isShort ? "µs" : unit} (${low}–${high})`
}

const timeText = (time: number): string => (time < 1 ? `${short(time * 1000)} µs` : `${short(time)} ms`)

const short = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)

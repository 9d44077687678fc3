import type { Measured } from "./suite.ts"

/** A row of EXPECTED.md. */
export interface Expected {
  readonly scenario: string
  readonly passed: number
  readonly failed: number
  /** Why it does not pass; empty where it does. */
  readonly reason: string
}

/** Reads the table: `| scenario | passed | failed | why it does not pass |`. */
export const parseExpected = (page: string): ReadonlyMap<string, Expected> =>
  new Map(
    Array.from(
      page.matchAll(/^\| *`([^`]+)` *\| *(\d+) *\| *(\d+) *\| *(.*?) *\|$/gm),
      ([, scenario = "", passed, failed, reason = ""]) => [
        scenario,
        { scenario, passed: Number(passed), failed: Number(failed), reason },
      ],
    ),
  )

/** How a scenario went, set against the table. */
export type Verdict =
  | { readonly type: "passed" }
  | { readonly type: "not_passed_as_expected" }
  | { readonly type: "newly_failed" }
  /** Better than the table says, or with other numbers: the table has to be told. */
  | { readonly type: "table_is_old"; readonly isPassed: boolean }

export const verdictOf = (measured: Measured, expected: Expected | undefined): Verdict => {
  const { failed, isPassed, passed } = measured
  if (!isPassed && (expected === undefined || expected.reason === "")) return { type: "newly_failed" }
  const isCurrent =
    expected !== undefined &&
    expected.passed === passed &&
    expected.failed === failed &&
    isPassed === (expected.reason === "")
  if (!isCurrent) return { type: "table_is_old", isPassed }
  return { type: isPassed ? "passed" : "not_passed_as_expected" }
}

/** The row as it should be. */
export const toRow = ({ failed, isPassed, passed, scenario }: Measured, reason: string): string =>
  `| \`${scenario}\` | ${passed} | ${failed} | ${isPassed ? "" : reason} |`

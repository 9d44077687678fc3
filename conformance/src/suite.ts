import { execFile } from "node:child_process"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { list, text } from "./json.ts"

/** What came of a scenario. */
export interface Measured {
  readonly scenario: string
  readonly isPassed: boolean
  readonly passed: number
  /** With those that the suite only warns of: it does not let them pass either. */
  readonly failed: number
  /** What failed, in the suite's words. */
  readonly findings: ReadonlyArray<string>
}

const directory = fileURLToPath(new URL("../", import.meta.url))
const program = join(directory, "node_modules/@modelcontextprotocol/conformance/dist/index.js")
// The suite splits this at its spaces, so that it holds no absolute path.
const client = "node --conditions=@mooring/source src/client.ts"

/** The names of all scenarios for clients. */
export const clientScenarios = async (): Promise<ReadonlyArray<string>> => {
  const { stdout } = await suite(["list", "--client"])
  return Array.from(stdout.matchAll(/^ +- (\S+)/gm), ([, name = ""]) => name)
}

/** Runs one scenario with Mooring as the client. */
export const runScenario = async (scenario: string): Promise<Measured> => {
  const output = await mkdtemp(join(tmpdir(), "mooring-conformance-"))
  try {
    const { code, stderr } = await suite(
      ["client", "--scenario", scenario, "--command", client].concat([
        "--timeout",
        "60000",
        "--output-dir",
        output,
      ]),
    )
    const checks = await readChecks(output)
    const withStatus = (...statuses: ReadonlyArray<string>) =>
      checks.filter((check) => statuses.includes(text(check, "status") ?? ""))
    const passed = withStatus("SUCCESS").length
    const failed = withStatus("FAILURE", "WARNING")
    return {
      scenario,
      // The suite lets a client pass that does nothing, where nothing is checked then.
      isPassed: code === 0 && passed > 0,
      passed,
      failed: failed.length,
      findings: [...failed.map(describe), ...clientErrors(stderr)],
    }
  } finally {
    await rm(output, { recursive: true, force: true })
  }
}

/** The revisions of the specification of which the suite knows what they require. */
export const revisions = ["2025-11-25", "2026-07-28"] as const

/** One of the scenarios that a revision requires, or that the suite runs beside them. */
export type Required = Pick<Measured, "scenario" | "passed" | "failed">

/** Runs all that a revision requires, each spoken as it was then. The suite starts them at once. */
export const runRequirements = async (revision: string): Promise<ReadonlyArray<Required>> => {
  const { stdout } = await suite(
    ["client", "--requirements", revision, "--command", client].concat(["--timeout", "180000"]),
  )
  const summary = stdout.slice(stdout.lastIndexOf("=== SUITE SUMMARY ==="))
  return Array.from(
    summary.matchAll(/^\S (\S+): (\d+) passed, (\d+) failed(?:, (\d+) warnings)?/gm),
    ([, scenario = "", passed, failed, warnings = "0"]) => ({
      scenario,
      passed: Number(passed),
      failed: Number(failed) + Number(warnings),
    }),
  )
}

const describe = (check: unknown): string => {
  const error = text(check, "errorMessage")
  return `${text(check, "id")}: ${text(check, "description")}${error === undefined ? "" : ` (${error})`}`
}

/** What the client told in its last words, which the suite repeats, and whether it was too slow. */
const clientErrors = (stderr: string): ReadonlyArray<string> =>
  Array.from(stderr.matchAll(/^(?:Client: .+|.*CLIENT TIMED OUT.*)$/gm), ([line]) => line)

/** In a directory of its own, named after the scenario and the time. */
const readChecks = async (output: string): Promise<ReadonlyArray<unknown>> => {
  const files = await readdir(output, { recursive: true })
  const file = files.find((name) => name.endsWith("checks.json"))
  if (file === undefined) return []
  const checks: unknown = JSON.parse(await readFile(join(output, file), "utf8"))
  return list(checks)
}

const suite = (args: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { cwd: directory, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NO_COLOR: "1" } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? 1, stdout, stderr }),
    )
  })

import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { expect } from "vitest"
import { runCommandLine } from "../src/runCommandLine.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))

/** How this process starts TypeScript; the second flag is for Node 22, where it does not go without saying. */
export const nodeFlags = ["--conditions=@mooring/source", "--experimental-strip-types", "--no-warnings"]

export interface Settings {
  readonly DATABASE_URL?: string
  readonly MOORING_KEY?: string
}

/** The command as somebody types it: a process with these settings and nothing else of this one's environment. */
export const startMooring = (
  args: ReadonlyArray<string>,
  settings: Settings = {},
  cwd: string = process.cwd(),
) =>
  spawn(process.execPath, [...nodeFlags, main, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], USER: "somebody", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  })

/** Runs the command to its end. Whatever it says: no key, no password and no stack trace is in it. */
export const mooring = async (args: ReadonlyArray<string>, settings: Settings = {}, cwd?: string) => {
  const child = startMooring(args, settings, cwd)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ])
  return checked({ code: Number(code), stdout, stderr }, settings)
}

/** The same in this process, where what is tested is what is said and not how a process ends. */
export const mooringHere = async (args: ReadonlyArray<string>, settings: Settings = {}) => {
  const { exitCode, stderr = "", stdout = "" } = await runCommandLine(args, { USER: "somebody", ...settings })
  return checked({ code: exitCode, stdout, stderr }, settings)
}

const checked = <Said extends { readonly stdout: string; readonly stderr: string }>(
  said: Said,
  settings: Settings,
): Said => {
  const all = said.stdout + said.stderr
  for (const secret of secretsOf(settings)) expect(all).not.toContain(secret)
  expect(all).not.toMatch(/^ +at /m)
  return said
}

const secretsOf = ({ DATABASE_URL = "", MOORING_KEY = "" }: Settings): ReadonlyArray<string> =>
  [...MOORING_KEY.split(","), /:\/\/[^:]*:(.*)@/.exec(DATABASE_URL)?.[1] ?? ""]
    // A password such as "postgres" may stand in a text without being told.
    .filter((secret) => secret.length >= 12)

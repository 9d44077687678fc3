import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createInterface } from "node:readline"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, vi } from "vitest"

/** An example host in a process of its own, killed at the end of the scope that declares it with `await using`. */
export interface ExampleProcess extends AsyncDisposable {
  readonly pid: number
  /** The lines of stdout so far. */
  readonly lines: ReadonlyArray<string>
  readonly stderr: () => string
  /** Resolves with the exit code, or the name of the signal that ended the process. */
  readonly exited: Promise<number | NodeJS.Signals>
  /** Resolves with where it listens. */
  readonly url: () => Promise<string>
  readonly kill: (signal: NodeJS.Signals) => void
}

/** Where Node itself would keep it. It halves what a start takes, of which there are a hundred. */
const compileCache = join(tmpdir(), "node-compile-cache")

/** What is in the environment of an example. */
export type ExampleEnv = Readonly<Record<string, string>>

/**
 * Starts an example on a free port, with nothing in its environment that means something to it but what `env` says.
 *
 * @param cwd where it keeps its data and its key. Default: an empty folder, which is removed with the process.
 */
export const startExample = (main: URL, env: ExampleEnv = {}, cwd?: string): ExampleProcess => {
  const folder = cwd ?? mkdtempSync(join(tmpdir(), "mooring-example-"))
  const child = spawn(process.execPath, ["--conditions=@mooring/source", fileURLToPath(main)], {
    cwd: folder,
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: compileCache, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const lines: Array<string> = []
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line))
  let stderr = ""
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text))
  const exited = once(child, "close").then(([code, signal]) => code ?? signal)
  return {
    pid: child.pid ?? expect.unreachable("The example did not start"),
    lines,
    stderr: () => stderr,
    exited,
    url: () =>
      Promise.race([
        vi.waitFor(
          () => {
            const [, url] = /^listening on (.+)$/.exec(lines[0] ?? "") ?? []
            return url ?? expect.unreachable(`It does not listen: ${stderr}`)
          },
          { timeout: 20_000, interval: 5 },
        ),
        exited.then((code) => expect.unreachable(`It ended with ${code}: ${stderr}`)),
      ]),
    kill: (signal) => void child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await exited
      if (cwd === undefined) rmSync(folder, { recursive: true })
    },
  }
}

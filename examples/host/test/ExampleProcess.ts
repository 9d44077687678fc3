import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
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

/** Starts an example on a free port, with nothing else in its environment than `env` says. */
export const startExample = (main: URL, env: Readonly<Record<string, string>> = {}): ExampleProcess => {
  const child = spawn(process.execPath, ["--conditions=@mooring/source", fileURLToPath(main)], {
    env: { PATH: process.env["PATH"], PORT: "0", ...env },
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
      vi.waitFor(
        () => {
          const [, url] = /^listening on (.+)$/.exec(lines[0] ?? "") ?? []
          return url ?? expect.unreachable(`It does not listen: ${stderr}`)
        },
        { timeout: 20_000, interval: 5 },
      ),
    kill: (signal) => void child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await exited
    },
  }
}

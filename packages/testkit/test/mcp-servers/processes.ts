import { spawn } from "node:child_process"
import type { ChildProcessWithoutNullStreams } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { expect, vi } from "vitest"
import { isProcessRunning } from "../../src/mcp-servers/isProcessRunning.ts"
import type { StdioCommand } from "../../src/mcp-servers/StdioCommand.ts"

/** A child process under a test's eyes, killed at the end of the scope that declares it with `await using`. */
export interface WatchedProcess extends AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams
  /** The lines of stdout so far. */
  readonly lines: ReadonlyArray<string>
  /** Sends one JSON-RPC request. */
  request(id: number, method: string, params?: object): void
  /** Resolves with the message that answers the request, as soon as there is one. */
  answer(id: number): Promise<{ readonly [key: string]: unknown }>
}

export function watch({ command, args, env }: StdioCommand): WatchedProcess {
  const child = spawn(command, args, { env: { ...process.env, ...env } })
  const lines: Array<string> = []
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line))
  return {
    child,
    lines,
    request: (id, method, params) => {
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`)
    },
    answer: (id) =>
      vi.waitFor(
        () => {
          const line = lines.find((candidate) => candidate.includes(`"id":${id},`))
          if (line === undefined) throw new Error(`No answer to ${id} yet`)
          return JSON.parse(line)
        },
        { timeout: 10_000, interval: 5 },
      ),
    [Symbol.asyncDispose]: async () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, "exit")
      child.kill("SIGKILL")
      await exited
    },
  }
}

/** Resolves when the process has ended. */
export async function untilDead(pid: unknown): Promise<void> {
  await vi.waitFor(() => expect(isProcessRunning(Number(pid))).toBe(false), { timeout: 10_000, interval: 5 })
}

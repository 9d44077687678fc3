import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { isProcessRunning } from "../../src/mcp-servers/isProcessRunning.ts"
import { misbehavingCommand } from "../../src/mcp-servers/misbehavingCommand.ts"

// What a host has started must not outlive it, however it ends: a command may hold a port, a lock or a secret.

const program = fileURLToPath(new URL("hostProcess.ts", import.meta.url))
/** They would stay: one refuses to end, the other leaves a child that holds no pipe to anybody. */
const stubborn = ["ignores_termination", "leaves_grandchild"] as const

const startHost = async (pidFiles: ReadonlyArray<string>): Promise<ChildProcess> => {
  const configs = stubborn.map((kind, index) =>
    JSON.stringify(misbehavingCommand(kind, { pidFile: pidFiles[index] ?? "" })),
  )
  const host = spawn(process.execPath, ["--conditions=@mooring/source", program, ...configs], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  for await (const line of createInterface({ input: host.stdout })) {
    expect(line).toMatch(/^connected 1( 1)*$/)
    return host
  }
  throw new Error("The host ended before it was connected.")
}

const pidsIn = (files: ReadonlyArray<string>) =>
  Promise.all(files.map(async (file) => Number(await readFile(file, "utf8"))))

describe.skipIf(process.platform === "win32")("commands of a host", () => {
  test.each([
    ["SIGKILL", 20],
    ["SIGABRT", 2],
    ["SIGTERM", 2],
  ] as const)(
    "that ends by %s are gone within 2 s, %i times of as many",
    async (signal, times) => {
      const directory = await mkdtemp(join(tmpdir(), "mooring-orphans-"))
      try {
        for (let time = 0; time < times; time += 1) {
          const files = stubborn.map((kind) => join(directory, `${kind}-${time}`))
          const host = await startHost(files)
          const pids = await pidsIn(files)
          expect(pids.map(isProcessRunning)).toStrictEqual([true, true])
          host.kill(signal)
          await once(host, "exit")
          await expect
            .poll(() => pids.filter(isProcessRunning), { timeout: 2_000, interval: 20 })
            .toStrictEqual([])
        }
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
    },
    120_000,
  )
})

import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"
import { nodeFlags, type Settings } from "./mooringCommand.ts"

const script = fileURLToPath(new URL("./updateServers.ts", import.meta.url))

/** Starts `updateServers.ts`, and returns when it is at it. */
export const startUpdates = async (settings: Settings) => {
  const child = spawn(process.execPath, [...nodeFlags, script], {
    env: { PATH: process.env["PATH"], USER: "somebody", ...settings },
    stdio: ["pipe", "pipe", "inherit"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const first = await lines.next()
  if (first.value !== "updating") throw new Error("updateServers.ts has ended")
  return {
    /** Ends it, and returns the secrets that were stored last, by the servers' names. */
    stop: async (): Promise<Readonly<Record<string, string>>> => {
      child.stdin.end()
      const { value } = await lines.next()
      return JSON.parse(String(value))
    },
  }
}

import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, it } from "vitest"
import { isProcessRunning } from "../../src/mcp-servers/isProcessRunning.ts"

it("tells a running process from one that ended", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"])
  const { pid = 0 } = child
  expect(isProcessRunning(pid)).toBe(true)
  child.kill("SIGKILL")
  await once(child, "exit")
  expect(isProcessRunning(pid)).toBe(false)
})

it("takes no number of a group", () => {
  for (const pid of [0, -1, Number.NaN]) expect(() => isProcessRunning(pid)).toThrow(RangeError)
})

import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, onTestFinished, test, vi } from "vitest"
import { isAnyRunning } from "../src/embedded/processes.ts"
import { type FoundServer, serversIn, type TemporaryFolder, temporaryFolder } from "./TemporaryFolder.ts"

const startOrphan = (way: string, folder: TemporaryFolder) => {
  const { DATABASE_URL: _, ...env } = process.env
  const child = spawn(process.execPath, [fileURLToPath(new URL("orphan.ts", import.meta.url)), way], {
    env: { ...env, TMPDIR: folder.path },
    stdio: ["ignore", "pipe", "ignore"],
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  const exit = once(child, "exit")
  const server = async (): Promise<FoundServer> => {
    const [output]: Array<unknown> = await once(child.stdout, "data")
    const [found] = JSON.parse(String(output))
    expect(found).toEqual({ pid: expect.any(Number), data: expect.stringContaining("mooring-postgres-") })
    return found
  }
  return { child, exit, server }
}

const expectNothingLeft = (folder: TemporaryFolder, { data, pid }: FoundServer) =>
  vi.waitFor(
    () => {
      expect(isAnyRunning([pid])).toBe(false)
      expect(existsSync(data)).toBe(false)
      expect(folder.entries()).toEqual([])
    },
    { timeout: 20_000, interval: 20 },
  )

test.each([
  ["exits by itself", 7],
  ["calls process.exit", 8],
  ["throws", 1],
] as const)(
  "the server of a process that %s goes, and the exit code is the process's own",
  async (way, code) => {
    using folder = temporaryFolder()
    const { exit, server } = startOrphan(way, folder)
    const left = await server()
    expect(await exit).toEqual([code, null])
    await expectNothingLeft(folder, left)
  },
)

test.each(["waits", "pauses a server"])(
  "the server of a process that %s goes when that is killed",
  async (way) => {
    using folder = temporaryFolder()
    const { child, exit, server } = startOrphan(way, folder)
    const left = await server()
    expect(isAnyRunning([left.pid])).toBe(true)
    child.kill("SIGKILL")
    await exit
    await expectNothingLeft(folder, left)
  },
)

test("so does one that is just being made", async () => {
  using folder = temporaryFolder()
  expect(folder.entries()).toEqual([])
  const { child, exit } = startOrphan("is still starting", folder)
  const left = await vi.waitUntil(() => serversIn(folder.path)[0], { timeout: 20_000, interval: 2 })
  child.kill("SIGKILL")
  await exit
  await expectNothingLeft(folder, left)
})

test("the server of a thread goes with the thread", async () => {
  using folder = temporaryFolder()
  const { child, server } = startOrphan("ends a thread", folder)
  await expectNothingLeft(folder, await server())
  expect(child.exitCode).toBeNull()
})

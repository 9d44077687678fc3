import { createServer, type Server } from "node:net"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { freePort } from "../src/embedded/freePort.ts"
import { startPostgres } from "../src/index.ts"
import { temporaryFolder } from "./TemporaryFolder.ts"

vi.mock("../src/embedded/freePort.ts", { spy: true })

let other: Server
const takenPort = () => {
  const address = other.address()
  if (address === null || typeof address === "string") throw new Error("does not listen")
  return address.port
}
beforeEach(async () => {
  vi.stubEnv("DATABASE_URL", undefined)
  other = createServer()
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.mocked(freePort).mockReset()
  await new Promise((resolve) => other.close(resolve))
})

test("a port that somebody took in the meantime is left to them", async () => {
  vi.mocked(freePort).mockResolvedValueOnce(takenPort())
  await using server = await startPostgres()
  const { port } = new URL(await server.createDatabase())
  expect(port).not.toBe(String(takenPort()))
  expect(freePort).toHaveBeenCalledTimes(2)
})

test("a server that does not start says why, and leaves nothing", async () => {
  using folder = temporaryFolder()
  vi.stubEnv("TMPDIR", folder.path)
  vi.mocked(freePort).mockResolvedValue(takenPort())
  await expect(startPostgres()).rejects.toThrow(
    /did not start.*Address already in use.*could not create any/s,
  )
  expect(freePort).toHaveBeenCalledTimes(5)
  expect(folder.entries()).toEqual([])
})

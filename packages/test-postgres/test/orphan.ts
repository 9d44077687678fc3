// A process that leaves a server behind in the way that its first argument says. It prints what it left.
import { tmpdir } from "node:os"
import { Worker } from "node:worker_threads"
import { startPostgres, startRestartablePostgres } from "../src/index.ts"
import { serversIn } from "./TemporaryFolder.ts"

const stayAlive = () => setInterval(() => {}, 60_000)

const start = async <A>(starting: Promise<A>): Promise<A> => {
  const server = await starting
  process.stdout.write(JSON.stringify(serversIn(tmpdir())))
  return server
}

const ways: Readonly<Record<string, () => unknown>> = {
  "exits by itself": async () => {
    await start(startPostgres())
    process.exitCode = 7
  },
  "calls process.exit": async () => {
    await start(startPostgres())
    process.exit(8)
  },
  throws: async () => {
    await start(startPostgres())
    throw new Error("as a test may")
  },
  waits: async () => {
    stayAlive()
    await start(startPostgres())
  },
  "pauses a server": async () => {
    stayAlive()
    const server = await start(startRestartablePostgres())
    server.pause()
  },
  "is still starting": () => startPostgres(),
  "ends a thread": () => {
    stayAlive()
    const worker = new Worker(new URL(import.meta.url), { argv: ["waits"], stdout: true })
    worker.stdout.once("data", (pids) => {
      process.stdout.write(pids)
      void worker.terminate()
    })
  },
}

await ways[process.argv[2] ?? ""]?.()

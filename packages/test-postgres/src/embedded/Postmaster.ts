import { spawn } from "node:child_process"
import { closeSync, openSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { StopMode } from "../RestartablePostgres.ts"
import { environment, type Installation } from "./Installation.ts"
import { lastLogLines } from "./lastLogLines.ts"
import { dataFolder, logFile, pidFile } from "./layout.ts"
import { freeze, isAnyRunning, signal } from "./processes.ts"
import { waitUntil } from "./waitUntil.ts"

/** One run of the server: its first process, of which all others are children. */
export interface Postmaster {
  readonly state: () => "running" | "paused" | "ended"
  readonly stop: (mode: StopMode) => Promise<void>
  readonly pause: () => void
  readonly resume: () => void
}

/** As pg_ctl does it: the eighth line of the pid file is the state of the server whose number is in the first. */
const isReady = (folder: string, pid: number): boolean => {
  try {
    const lines = readFileSync(pidFile(folder), "utf8").split("\n")
    return lines[0] === String(pid) && lines[7]?.trim() === "ready"
  } catch {
    return false
  }
}

const spawnServer = (
  { folder, native, user }: Installation,
  port: number,
  settings: ReadonlyArray<string>,
) => {
  // A file, not a pipe: nothing to read while the tests run, and it is there when the server is not.
  const log = openSync(logFile(folder), "a")
  try {
    return spawn(
      join(native, "bin", "postgres"),
      ["-D", dataFolder(folder), "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
      { ...user, cwd: folder, detached: true, env: environment, stdio: ["ignore", log, log] },
    )
  } finally {
    closeSync(log)
  }
}

/** Resolves when the server accepts connections. */
export const startPostmaster = async (
  installation: Installation,
  port: number,
  settings: ReadonlyArray<string>,
): Promise<Postmaster> => {
  const { caretaker, folder } = installation
  const server = spawnServer(installation, port, settings)
  const { pid } = server
  let ended = false
  let frozen: ReadonlyArray<number> = []
  const exit = new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.once("exit", () => {
      ended = true
      caretaker.watch([])
      resolve()
    })
  })
  // Could not be spawned: this rejects with the reason.
  if (pid === undefined) return exit.then(() => Promise.reject(new Error("PostgreSQL has no process")))

  caretaker.watch([pid])
  // Whoever forgets to close is not kept alive by it.
  server.unref()

  const resume = () => {
    signal(frozen, "SIGCONT")
    frozen = []
    if (!ended) caretaker.watch([pid])
  }
  const stop = async (mode: StopMode) => {
    server.ref()
    if (mode === "kill") {
      const all = freeze(pid)
      signal(all, "SIGKILL")
      await exit
      // The next start is refused for as long as one of them holds the shared memory.
      await waitUntil(() => !isAnyRunning(all), 20_000)
      return
    }
    resume()
    signal([pid], mode === "fast" ? "SIGINT" : "SIGQUIT")
    await exit
  }

  await waitUntil(() => ended || isReady(folder, pid), 60_000)
  if (ended || !isReady(folder, pid)) {
    const problem = ended ? "did not start" : "is not ready after a minute"
    if (!ended) await stop("kill")
    throw new Error(`PostgreSQL ${problem}. The end of its log:\n${lastLogLines(folder)}`)
  }
  return {
    state: () => (ended ? "ended" : frozen.length > 0 ? "paused" : "running"),
    stop: async (mode) => {
      if (!ended) await stop(mode)
    },
    pause: () => {
      if (ended || frozen.length > 0) return
      frozen = freeze(pid)
      caretaker.watch(frozen)
    },
    resume,
  }
}

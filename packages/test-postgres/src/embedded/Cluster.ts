import { randomBytes } from "node:crypto"
import { rm } from "node:fs/promises"
import { platform } from "node:os"
import { join } from "node:path"
import type { StopMode } from "../RestartablePostgres.ts"
import { type Caretaker, startCaretaker } from "./caretaker.ts"
import { initdb } from "./initdb.ts"
import { makeClusterFolder } from "./makeClusterFolder.ts"
import { findNativeFolder, reachableNative } from "./nativeFolder.ts"
import { startPostmaster } from "./Postmaster.ts"
import { startOnFreePort } from "./startOnFreePort.ts"
import { serverUser, type ServerUser } from "./ServerUser.ts"

/** A data folder of our own, and the server on it. */
export interface Cluster {
  readonly folder: string
  readonly port: number
  /** The URL of its maintenance database, as superuser. */
  readonly url: string
  /** Neither stopped nor paused. */
  readonly answers: () => boolean
  readonly start: () => Promise<void>
  readonly stop: (mode?: StopMode) => Promise<void>
  readonly pause: () => void
  readonly resume: () => void
  readonly close: () => Promise<void>
}

const settings = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=200",
  // In the data folder instead of /dev/shm, which is small in containers and which nobody clears after a crash.
  "dynamic_shared_memory_type=mmap",
  // For `filesHolding`: what was written stays in the log for longer than tests run.
  "wal_keep_size=256MB",
  "log_checkpoints=off",
]
const durable = { initdbFlags: [], settings }
const volatile = {
  initdbFlags: ["--no-sync"],
  settings: [...settings, "fsync=off", "full_page_writes=off"],
}

export const startCluster = async (options: { readonly durable: boolean }): Promise<Cluster> => {
  if (platform() === "win32") {
    throw new Error("The PostgreSQL of the tests needs signals: set DATABASE_URL to a server of yours")
  }
  const user = serverUser()
  const folders = await makeClusterFolder(user, options.durable)
  const caretaker = await startCaretaker(folders)
  const remove = async () => {
    await caretaker.finish()
    // For when somebody killed it, or to hear why it can't.
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
  try {
    const cluster = await startIn(folders[0], user, caretaker, options.durable ? durable : volatile)
    let closed: Promise<void> | undefined
    const close = () => (closed ??= cluster.stop("immediate").then(remove))
    return { ...cluster, close }
  } catch (error) {
    await remove()
    throw error
  }
}

const startIn = async (
  folder: string,
  user: ServerUser,
  caretaker: Caretaker,
  { initdbFlags, settings }: typeof volatile,
): Promise<Omit<Cluster, "close">> => {
  const native = await reachableNative(findNativeFolder(), user, join(folder, "native"))
  const installation = { caretaker, folder, native, user }
  const password = randomBytes(12).toString("hex")
  await initdb(installation, password, initdbFlags)
  const first = await startOnFreePort(installation, settings)
  const { port } = first
  let { postmaster } = first
  return {
    folder,
    port,
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    answers: () => postmaster.state() === "running",
    start: async () => {
      if (postmaster.state() === "ended") postmaster = await startPostmaster(installation, port, settings)
    },
    stop: (mode = "fast") => postmaster.stop(mode),
    pause: () => postmaster.pause(),
    resume: () => postmaster.resume(),
  }
}

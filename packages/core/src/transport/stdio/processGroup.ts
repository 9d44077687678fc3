import type { ChildProcess } from "node:child_process"

/** How long a command may take to end after its input has ended, and again after it has been asked to. */
const patienceMs = 1_000

/**
 * Ends a child and everything that it started: its input ends (MCP 2025-11-25, lifecycle, shutdown), then its group
 * gets SIGTERM, then SIGKILL. Resolves when the child is gone.
 */
export const killProcessGroup = async (child: ChildProcess): Promise<void> => {
  // Never started: there is nothing to wait for.
  if (child.pid === undefined) return
  const gone = new Promise<void>((resolve) => {
    if (hasExited(child)) resolve()
    else child.once("exit", () => resolve())
  })
  child.stdin?.end()
  if (!(await within(gone, patienceMs))) {
    signalProcessGroup(child, "SIGTERM")
    if (!(await within(gone, patienceMs))) signalProcessGroup(child, "SIGKILL")
    await gone
  }
  signalProcessGroup(child, "SIGKILL")
}

/** A survivor elsewhere that holds the pipes would keep the host's process alive. */
export const destroyStreams = (child: ChildProcess): void => {
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy()
}

/**
 * Signals the child's whole group. It is no error that the group is gone already (ESRCH), or that only zombies and
 * processes of another user are left of it (EPERM).
 */
export const signalProcessGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return
  if (process.platform === "win32") {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined
    if (code !== "ESRCH" && code !== "EPERM") throw error
  }
}

const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

const within = (promise: Promise<void>, millis: number): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), millis)
    void promise.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })

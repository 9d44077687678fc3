import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"

interface RunningProcess {
  readonly pid: number
  readonly parent: number
}

/** `state parent` as in proc_pid_stat(5), after the program's name, which may itself hold parentheses. */
const readStat = (pid: string): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")") + 2)
  } catch {
    return "Z 0"
  }
}

/** `pid state parent` of everything that runs: from /proc where there is one, as not every image has `ps`. */
const list = (): ReadonlyArray<string> =>
  existsSync("/proc/self/stat")
    ? readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => `${pid} ${readStat(pid)}`)
    : execFileSync("ps", ["-A", "-o", "pid=,stat=,ppid="], { encoding: "utf8" }).split("\n")

/** Without those that ended and were not reaped: where nobody adopts orphans these stay for ever. */
const runningProcesses = (): ReadonlyArray<RunningProcess> =>
  list()
    .map((line) => line.trim().split(/\s+/))
    .filter(([, state]) => state?.startsWith("Z") === false)
    .map(([pid, , parent]) => ({ pid: Number(pid), parent: Number(parent) }))

/** Backends and background processes of PostgreSQL are all children of its first process. */
export const childrenOf = (pid: number): ReadonlyArray<number> =>
  runningProcesses()
    .filter(({ parent }) => parent === pid)
    .map((child) => child.pid)

export const isAnyRunning = (pids: ReadonlyArray<number>): boolean =>
  runningProcesses().some(({ pid }) => pids.includes(pid))

/** Signals those that still exist. */
export const signal = (pids: ReadonlyArray<number>, name: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error
    }
  }
}

/** Stops the time for a process and its children; gives them all. */
export const freeze = (pid: number): ReadonlyArray<number> => {
  // The parent first, so that it starts no other; then until no child is new, as it may have been about to.
  signal([pid], "SIGSTOP")
  const frozen = new Set([pid])
  for (;;) {
    const others = childrenOf(pid).filter((child) => !frozen.has(child))
    if (others.length === 0) return [...frozen]
    signal(others, "SIGSTOP")
    for (const child of others) frozen.add(child)
  }
}

import { readFileSync } from "node:fs"

/**
 * Whether a process of this number runs. One that ended but was not yet reaped does not: an orphan's entry stays for
 * as long as the container's first process cares, which may be for ever.
 */
export function isProcessRunning(pid: number): boolean {
  // To signal 0 or a negative number would be to signal a group.
  if (!Number.isInteger(pid) || pid <= 0) throw new RangeError(`Not the number of a process: ${pid}`)
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
  return !isZombie(pid)
}

function isZombie(pid: number): boolean {
  try {
    // The state follows the program's name, which is in parentheses and may hold some itself: proc_pid_stat(5).
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")")).startsWith(") Z")
  } catch {
    return false
  }
}

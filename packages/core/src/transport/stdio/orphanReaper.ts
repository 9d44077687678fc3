import { type ChildProcess, spawn } from "node:child_process"

/**
 * Hears by its standard input which process groups there are, and ends them when that ends: it does not depend on how.
 * All but `sleep` is the shell's own, so that nothing is started that could fail then.
 */
const script = `
groups=
while read -r change group; do
  kept=
  for known in $groups; do [ "$known" = "$group" ] || kept="$kept $known"; done
  groups=$kept
  [ "$change" = add ] && groups="$groups $group"
done
for group in $groups; do kill -TERM "-$group"; done
[ -n "$groups" ] && sleep 1
for group in $groups; do kill -KILL "-$group"; done
`

const groups = new Set<number>()
let reaper: ChildProcess | undefined

/**
 * Has a process group ended when this process is gone without having ended it itself: killed, or crashed. A process of
 * its own sees to that, one for all groups. Windows knows no process groups: there it does nothing.
 */
export const adoptGroup = (group: number): void => {
  if (process.platform === "win32") return
  groups.add(group)
  if (reaper === undefined) startReaper()
  else tell("add", group)
}

/** The group is gone. Its number may soon be another's. */
export const releaseGroup = (group: number): void => {
  if (groups.delete(group)) tell("remove", group)
}

const tell = (change: "add" | "remove", group: number): void => {
  reaper?.stdin?.write(`${change} ${group}\n`)
}

const startReaper = (): void => {
  const started = spawn("/bin/sh", ["-c", script], {
    stdio: ["pipe", "ignore", "ignore"],
    // A session of its own: what ends this process by its group or its terminal must not end the reaper first.
    detached: true,
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
  })
  reaper = started
  // Neither it nor the pipe to it keeps this process alive.
  started.unref()
  const { stdin } = started
  if (stdin !== null && "unref" in stdin && typeof stdin.unref === "function") stdin.unref()
  stdin?.on("error", ignore)
  started.on("error", ignore)
  // One that was ended from outside is replaced when it is needed next.
  started.once("close", () => {
    if (reaper === started) reaper = undefined
  })
  for (const group of groups) tell("add", group)
}

const ignore = () => {}

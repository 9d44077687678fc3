import { spawn } from "node:child_process"
import { once } from "node:events"
import { pidFile } from "./layout.ts"

/** Removes a cluster's folders in the end, and ends its processes before when this process is gone by then. */
export interface Caretaker {
  /** Which processes to end, the one first that ends the others. */
  readonly watch: (pids: ReadonlyArray<number>) => void
  /** For when the processes have ended: resolves when nothing is left. */
  readonly finish: () => Promise<void>
}

// Exit hooks don't run when a process is killed, and change how it exits when they do run. The end of this shell's
// stdin is what nobody can prevent. SIGQUIT is better than SIGKILL: PostgreSQL then frees its shared memory. It can be
// seen to have ended by its pid file, also where nobody reaps orphans. Of one that was killed the file is still there,
// and so is the shared memory whose number is the last word of the seventh line.
const script = `
pids=
while read -r line; do pids=$line; done
file=$1
shift
if [ -n "$pids" ]; then
  kill -CONT $pids
  kill -QUIT \${pids%% *}
  turns=0
  while [ -e "$file" ] && [ $turns -lt 100 ]; do sleep 0.1; turns=$((turns + 1)); done
  if [ -e "$file" ]; then kill -KILL $pids; fi
fi
if [ -e "$file" ]; then ipcrm -m "$(sed -n '7s/.* //p' "$file")"; fi
turns=0
until rm -rf "$@" || [ $turns -ge 20 ]; do sleep 0.1; turns=$((turns + 1)); done
`

export const startCaretaker = async (
  folders: readonly [cluster: string, ...others: ReadonlyArray<string>],
): Promise<Caretaker> => {
  const shell = spawn("/bin/sh", ["-c", script, "caretaker", pidFile(folders[0]), ...folders], {
    cwd: "/",
    // Not in the terminal's group, which Ctrl-C ends.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  })
  shell.unref()
  // Somebody killed it: then there is nobody to tell.
  shell.stdin.on("error", () => {})
  await once(shell, "spawn")
  const exited = new Promise((resolve) => shell.once("exit", resolve))
  return {
    watch: (pids) => void shell.stdin.write(`${pids.join(" ")}\n`),
    finish: async () => {
      shell.ref()
      shell.stdin.end("\n")
      await exited
    },
  }
}

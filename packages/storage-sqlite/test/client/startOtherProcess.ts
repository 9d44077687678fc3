import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const script = fileURLToPath(new URL("./otherProcess.ts", import.meta.url))

/** Starts `otherProcess.ts` for the length of the scope. */
export const startOtherProcess = (...args: ReadonlyArray<string>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() =>
        spawn(
          process.execPath,
          // The last two are for Node 22, where neither TypeScript nor SQLite goes without saying.
          ["--conditions=@mooring/source", "--experimental-strip-types", "--no-warnings", script, ...args],
          { stdio: ["pipe", "pipe", "pipe"] },
        ),
      ),
      (child) => Effect.sync(() => child.kill("SIGKILL")),
    ),
    (child) => {
      let complaint = ""
      child.stderr.on("data", (text) => (complaint += String(text)))
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const ended = once(child, "exit")
      return {
        /** Waits until the process says this line; fails with what it complains about when it says another or ends. */
        hear: (line: string) =>
          Effect.promise(async () => {
            const { value } = await lines.next()
            if (value === line) return
            await ended
            throw new Error(
              `expected "${line}", but ${value === undefined ? "it ended" : value}: ${complaint}`,
            )
          }),
        tell: Effect.sync(() => void child.stdin.write("go\n")),
      }
    },
  )

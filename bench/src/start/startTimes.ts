import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Bench } from "../Bench.ts"
import { type Contestant, takeTurns } from "../sampling/takeTurns.ts"
import { buildPackages, dependenciesApp } from "./buildPackages.ts"

const rounds = 30

/** How long a host takes until it can be asked. */
export const startTimes: Bench = {
  name: "start: from the command to listening",
  about:
    "`node app.js` until it says that it listens: an Express with nothing but a route, and the same with Mooring mounted and ready, kept in a new SQLite file. The packages are built for it as they are published, by `tsc`, and loaded from there. What is promised is the difference. The floor is an Express that also loads what Mooring is built on (Effect's router, schemas and SQL, the MCP client, undici, jose), and nothing of Mooring's own.",
  run: async ({ resources }) => {
    const folder = await mkdtemp(join(tmpdir(), "mooring-bench-"))
    resources.defer(() => rm(folder, { recursive: true }))
    await buildPackages(folder)
    const contestant = (name: string, app: string): Contestant => ({
      name,
      act: () => start(join(folder, app), folder),
    })
    const plain = contestant("Express", "plainApp.js")
    const floor = contestant("floor", dependenciesApp)
    const mooring = contestant("with Mooring", "mooringApp.js")
    const measured = await takeTurns([plain, floor, mooring], { rounds, warmUp: 3 })
    const plainTimes = measured(plain).samples
    return [
      { type: "comparison", what: "to listening", baseline: measured(plain), measured: measured(mooring) },
      { type: "comparison", what: "to listening", baseline: measured(floor), measured: measured(mooring) },
      {
        type: "time",
        what: "to listening, over plain Express",
        measured: {
          name: "Mooring",
          samples: measured(mooring).samples.map((time, round) => time - (plainTimes[round] ?? 0)),
        },
        part: 0.5,
        goal: { atMost: 250 },
      },
    ]
  },
}

/** Resolves when the application says that it listens; its end is waited for without being counted. */
const start = async (app: string, cwd: string): Promise<void> => {
  const child = spawn(process.execPath, [app], { cwd, stdio: ["ignore", "pipe", "inherit"] })
  const [said]: Array<unknown> = await Promise.race([once(child.stdout, "data"), once(child, "exit")])
  child.kill("SIGKILL")
  if (String(said).trim() !== "listening") throw new Error(`${app} did not start`)
}

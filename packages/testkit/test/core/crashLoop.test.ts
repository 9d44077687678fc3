import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { setTimeout as delay } from "node:timers/promises"
import { expect, test } from "vitest"
import { misbehavingCommand } from "../../src/index.ts"
import { sessionHost } from "./sessionHost.ts"

// A command that always crashes, and users who go on running its tool all the time.

const seconds = 60

test.concurrent.each(["crashes_in_tool_call", "exits_at_once"] as const)(
  "%s: it is started a few times in a minute, and the process is idle in between",
  { timeout: 2 * seconds * 1000 },
  async (kind) => {
    const directory = await mkdtemp(join(tmpdir(), "mooring-"))
    try {
      const spawns = join(directory, "spawns")
      const working = misbehavingCommand("crashes_in_tool_call")
      const { args, command } = misbehavingCommand(kind)
      await using host = sessionHost({})
      // It works when it is registered, so that there is a tool to run.
      const script = `echo spawned >> "$0"; [ "$(wc -l < "$0")" -gt 1 ] && exec "$@"; exec ${[working.command, ...working.args].join(" ")}`
      const server = await host.register("alice", {
        type: "stdio",
        command: "sh",
        args: ["-c", script, spawns, command, ...args],
        env: null,
      })
      const before = performance.eventLoopUtilization()
      const end = performance.now() + seconds * 1000
      let runs = 0
      while (performance.now() < end) {
        await server.run("ping").catch(() => undefined)
        runs += 1
        await delay(20)
      }
      const { utilization } = performance.eventLoopUtilization(before)
      expect(runs).toBeGreaterThan(100)
      // To register it, five times, and then after about five seconds, ten more, and twice as long each time.
      expect((await readFile(spawns, "utf8")).trim().split("\n").length).toBeLessThanOrEqual(10)
      expect(utilization).toBeLessThan(0.3)
      expect(await server.health()).toMatchObject({ status: "failing" })
    } finally {
      await rm(directory, { recursive: true })
    }
  },
)

import { fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { shortPath } from "./shortJson.ts"
import type { StartedServer, WalkServer } from "./WalkServer.ts"

/** The program of the MCP project's reference server that has a tool of every kind. */
export const everythingProgram = fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/server-everything/dist/index.js"),
)

const startLimitMs = 20_000

/** The reference server in a process of its own. */
export const everythingServer = (transport: "sse" | "streamableHttp"): WalkServer => ({
  command: ["run", `node ${shortPath(everythingProgram)} ${transport}`],
  start: () => startEverythingServer(transport),
})

const startEverythingServer = (transport: string): StartedServer => {
  const child = fork(everythingProgram, [transport], {
    execArgv: ["--import", import.meta.resolve("./listenOnLoopback.ts")],
    // It has a tool that shows its environment: there is nothing to see.
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })
  const gone = once(child, "exit")
  const origin = Promise.race([
    once(child, "message").then(([port]) => `http://127.0.0.1:${port}`),
    gone.then(([code]) => Promise.reject(new Error(`The process ended with code ${code}.`))),
    setTimeout(startLimitMs, undefined, { ref: false }).then(() =>
      Promise.reject(new Error(`It does not listen after ${startLimitMs / 1000} s.`)),
    ),
  ])
  return {
    origin,
    end: async () => {
      child.kill()
      await gone
    },
  }
}

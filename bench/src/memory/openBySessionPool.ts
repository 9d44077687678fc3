import { layer, layerMemoryStores, McpServers, ServerConfig, SessionPool } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"
import { targetConfig } from "../mcp/targetConfig.ts"
import type { OpenSessions } from "./OpenSessions.ts"

const actor = { organizationId: "bench", userId: "bench" }

/** Mooring's pool. The servers are registered before: what their records take is not that of a session. */
export const openSessions: OpenSessions = async (targets) => {
  const runtime = ManagedRuntime.make(
    layer({
      stdio: "any",
      egress: { allowRanges: ["127.0.0.0/8"] },
      limits: { sessionIdleMs: 3_600_000, sessionsPerActor: 1_000 },
    }).pipe(Layer.provide(layerMemoryStores)),
  )
  const registered = await runtime.runPromise(
    Effect.forEach(targets, (target, at) =>
      McpServers.use((servers) =>
        servers.create(actor, { name: `server ${at}`, config: decodeConfig(targetConfig(target)) }),
      ),
    ),
  )
  const servers = new Map(targets.map((target, at) => [target.url, registered[at]]))
  return {
    open: async ({ url }) => {
      const server = servers.get(url)
      if (server === undefined) throw new Error("The server is not registered")
      await runtime.runPromise(SessionPool.use((pool) => pool.use(server, actor, () => Effect.void)))
    },
    count: async () => {
      const all = await runtime.runPromise(
        SessionPool.use((pool) => Effect.forEach(registered, (server) => pool.health(server, actor))),
      )
      return all.reduce((count, { liveSessions }) => count + liveSessions, 0)
    },
  }
}

const decodeConfig = Schema.decodeUnknownSync(ServerConfig)

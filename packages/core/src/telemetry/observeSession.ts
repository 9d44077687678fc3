import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import { serverAttributes } from "./attributes.ts"
import { isLogged, logEvent } from "./logEvent.ts"
import { liveSessions, sessionDuration, sessionOpens } from "./metrics.ts"
import { isMeasured } from "./TelemetryEnabled.ts"

export interface ObservedSession {
  readonly serverId: string
  readonly config: ServerConfig
  readonly protocolVersion: string | undefined
}

/** Counts an attempt to open a session. */
export const countOpen = (config: ServerConfig, errorType: string | undefined): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    if (isMeasured(fiber)) {
      sessionOpens.update(1, { ...transportOf(config), "error.type": errorType }, fiber.context)
    }
    return Effect.void
  })

/** Shows a session from now on until the end of its scope. */
export const observeSession = ({
  config,
  protocolVersion,
  serverId,
}: ObservedSession): Effect.Effect<void, never, Scope.Scope> =>
  Effect.withFiber((fiber) => {
    const isSeen = isMeasured(fiber)
    if (!isSeen && !isLogged(fiber)) return Effect.void
    const { context } = fiber
    const clock = fiber.getRef(Clock.Clock)
    const openedAt = clock.currentTimeNanosUnsafe()
    const fields = { server: serverId, transport: config.type, protocol_version: protocolVersion }

    const opened = Effect.suspend(() => {
      if (isSeen) liveSessions.update(1, transportOf(config), context)
      return logEvent("session_opened", fields)
    })
    const closed = Effect.suspend(() => {
      const nanos = Number(clock.currentTimeNanosUnsafe() - openedAt)
      if (isSeen) {
        liveSessions.update(-1, transportOf(config), context)
        const { "server.port": _, ...server } = serverAttributes(config)
        sessionDuration.update(nanos / 1e9, { "mcp.protocol.version": protocolVersion, ...server }, context)
      }
      return logEvent("session_closed", { ...fields, duration_ms: Math.round(nanos / 1e6) })
    })
    return Effect.acquireRelease(opened, () => closed)
  })

const transportOf = (config: ServerConfig) => ({
  "network.transport": serverAttributes(config)["network.transport"],
})

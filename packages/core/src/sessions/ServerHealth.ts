import * as DateTime from "effect/DateTime"
import { errorCode } from "../connect/errorCode.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { Circuit } from "./Circuit.ts"
import type { McpSession } from "./McpSession.ts"

/** How an MCP server is, as this node sees it: another one may have other connections to it, and other luck. */
export interface ServerHealth {
  /** `failing` where the last attempt to connect failed or the circuit is not closed; `unknown` where there was none. */
  readonly status: "healthy" | "failing" | "unknown"
  /** `open` while runs fail at once without anything being sent; `half_open` when the next one tries again. */
  readonly circuit: "closed" | "open" | "half_open"
  /** In a row, up to now. */
  readonly consecutiveFailures: number
  readonly failingSince: DateTime.Utc | null
  /** The last that there was, be it mended or not. */
  readonly lastError: {
    readonly code: string
    readonly message: string
    readonly at: DateTime.Utc
  } | null
  readonly lastSuccessAt: DateTime.Utc | null
  /** From when on a run is let through while the circuit is not closed. */
  readonly nextTryAt: DateTime.Utc | null
  /** Of all users. */
  readonly liveSessions: number
  readonly transport: ServerConfig["type"]
  /** Which revisions of MCP a live session speaks; null where there is none. */
  readonly era: McpSession["era"] | null
}

/** @param circuit undefined where nobody has tried to connect from here. */
export const serverHealth = (
  circuit: Circuit | undefined,
  sessions: ReadonlyArray<McpSession>,
  transport: ServerConfig["type"],
  now: number,
): ServerHealth => {
  const { failingSince, failures = 0, lastFault, lastSuccessAt, openUntil } = circuit ?? {}
  const isFailing = openUntil !== undefined || failures > 0
  const isKnown = lastSuccessAt !== undefined || sessions.length > 0
  return {
    status: isFailing ? "failing" : isKnown ? "healthy" : "unknown",
    circuit: openUntil === undefined ? "closed" : now < openUntil ? "open" : "half_open",
    consecutiveFailures: failures,
    failingSince: timeOf(failingSince),
    lastError:
      lastFault === undefined
        ? null
        : {
            code: errorCode(lastFault.error),
            message: lastFault.error.message,
            at: DateTime.makeUnsafe(lastFault.at),
          },
    lastSuccessAt: timeOf(lastSuccessAt),
    nextTryAt: timeOf(openUntil),
    liveSessions: sessions.length,
    transport,
    era: sessions[0]?.era ?? null,
  }
}

const timeOf = (millis: number | undefined) => (millis === undefined ? null : DateTime.makeUnsafe(millis))

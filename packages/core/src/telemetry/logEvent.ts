import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as LogLevel from "effect/LogLevel"

/** What happens that an operator wants to know of: the `event` of a log line. */
export type LoggedEvent =
  | "audit_failed"
  | "audit_lost"
  | "circuit_closed"
  | "circuit_opened"
  | "connect_finished"
  | "credential_renewal_failed"
  | "credential_renewed"
  | "run_finished"
  | "session_closed"
  | "session_opened"
  | "sign_in_finished"
  | "tools_refreshed"

export type LogFields = Readonly<Record<string, string | number | undefined>>

/**
 * Whether there is a log line for each event, at the level Info. An Effect application says so by this; for others the
 * option `logLevel` is enough.
 */
export const EventsLogged = Context.Reference<boolean>("@mooring/core/telemetry/EventsLogged", {
  defaultValue: () => false,
})

/** Whether such lines are written at all; nothing is put together for one that is not. */
export const isLogged = (fiber: Fiber.Fiber<unknown, unknown>): boolean =>
  !LogLevel.isGreaterThan(fiber.cache.minimumLogLevel, "Info") && fiber.getRef(EventsLogged)

/**
 * One line about what has happened, for programs as much as for people: the message is always the same for an event,
 * what differs is in the annotations. No words of a server's are among them, nor anything that it was sent.
 */
export const logEvent = (event: LoggedEvent, fields: LogFields): Effect.Effect<void> =>
  Effect.withFiber((fiber) =>
    isLogged(fiber)
      ? Effect.annotateLogs(Effect.logInfo(messages[event]), {
          event,
          ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
        })
      : Effect.void,
  )

const messages = {
  audit_failed: "Audit records could not be stored and are kept",
  audit_lost: "Audit records are lost",
  circuit_closed: "An MCP server that had been failing is well again",
  circuit_opened: "An MCP server keeps failing and is left alone for a while",
  connect_finished: "An attempt to connect to an MCP server has ended",
  credential_renewal_failed: "A credential for an MCP server could not be renewed",
  credential_renewed: "A credential for an MCP server was renewed",
  run_finished: "A run of a tool has ended",
  session_closed: "A session with an MCP server was closed",
  session_opened: "A session with an MCP server was opened",
  sign_in_finished: "A sign-in to an MCP server has ended",
  tools_refreshed: "The tools of an MCP server were listed anew",
} as const satisfies Record<LoggedEvent, string>

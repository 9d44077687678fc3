import type { PriorDiscovery } from "@modelcontextprotocol/client"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { errorCode } from "../connect/errorCode.ts"
import { observeRequest, type SessionFacts } from "../telemetry/observeRequest.ts"
import { countOpen } from "../telemetry/observeSession.ts"
import type { ConnectError } from "./ConnectError.ts"
import type { Connection } from "./Connection.ts"
import type { SessionTarget } from "./SessionTarget.ts"

/** Shows how a connection is made, by the request that it takes. On the strength of a modern verdict it takes none. */
export const observeHandshake = <R>(
  { config }: SessionTarget,
  prior: PriorDiscovery | undefined,
  connect: Effect.Effect<Connection, ConnectError, R>,
): Effect.Effect<Connection, ConnectError, R> =>
  Effect.suspend(() => {
    let connection: Connection | undefined
    const method = () => {
      if (prior?.kind === "modern") return undefined
      const isModern = connection?.isModern ?? (config.type !== "stdio" && prior === undefined)
      return isModern ? "server/discover" : "initialize"
    }
    const connecting = Effect.tap(connect, (connected) => Effect.sync(() => (connection = connected)))
    return observeRequest(
      {
        method,
        config,
        session: () => (connection === undefined ? undefined : sessionFacts(connection)),
        errorTypeOf: errorCode,
      },
      () => connecting,
    ).pipe(Effect.onExit((exit) => countOpen(config, failureOf(exit))))
  })

export const sessionFacts = ({ client }: Connection): SessionFacts => ({
  protocolVersion: client.getNegotiatedProtocolVersion(),
  sessionId: client.transport?.sessionId,
})

const failureOf = (exit: Exit.Exit<unknown, ConnectError>): string | undefined => {
  if (Exit.isSuccess(exit)) return undefined
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  return error === undefined ? "cancelled" : errorCode(error)
}

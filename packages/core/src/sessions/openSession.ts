import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { ClientFeatures } from "../serverRequests/ClientFeatures.ts"
import { ServerRequests } from "../serverRequests/ServerRequests.ts"
import { observeSession } from "../telemetry/observeSession.ts"
import type { Transports } from "../transport/Transports.ts"
import { connect } from "./connect.ts"
import { ConnectedSession, type SessionLimits } from "./ConnectedSession.ts"
import type { ConnectError } from "./ConnectError.ts"
import type { EraVerdicts } from "./EraVerdicts.ts"
import type { McpSession } from "./McpSession.ts"
import { observeHandshake, sessionFacts } from "./observeHandshake.ts"
import { SessionNotices } from "./SessionNotices.ts"
import type { SessionObserver } from "./SessionObserver.ts"
import type { SessionTarget } from "./SessionTarget.ts"
import { watchMessages } from "./watchMessages.ts"

/** Opens a session with an MCP server of either era. It is closed with the scope. */
export const openSession = Effect.fnUntraced(function* (
  transports: Transports["Service"],
  verdicts: EraVerdicts,
  target: SessionTarget,
  limits: SessionLimits,
  observer: SessionObserver,
): Effect.fn.Return<McpSession, ConnectError, Scope.Scope> {
  const { actor, config, name, serverId } = target
  const context = { actor, server: { id: serverId, name } }
  const requests = new ServerRequests(yield* ClientFeatures, context, limits)
  const connection = yield* observeHandshake(
    target,
    yield* verdicts.get(target.key),
    requests.during(() => connect(transports, verdicts, requests, target, limits.connectTimeoutMs, observer)),
  )
  const { protocolVersion } = sessionFacts(connection)
  yield* observeSession({ serverId, config, protocolVersion })
  const notices = new SessionNotices(connection)
  watchMessages(connection, notices, limits.serverMessagesPerSecond)
  return new ConnectedSession(connection, notices, limits)
})

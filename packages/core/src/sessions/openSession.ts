import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Transports } from "../transport/Transports.ts"
import { hasValidHeaderParameters } from "../tools/hasValidHeaderParameters.ts"
import { ClientFeatures } from "../serverRequests/ClientFeatures.ts"
import { makeServerRequests, type ServerRequestLimits } from "../serverRequests/ServerRequests.ts"
import { errorCode } from "../connect/errorCode.ts"
import { observeRequest } from "../telemetry/observeRequest.ts"
import { observeSession } from "../telemetry/observeSession.ts"
import type { TraceMeta } from "../telemetry/spans.ts"
import { callErrorType, resultErrorType, rpcCodeOf } from "./callErrorType.ts"
import { callTool } from "./callTool.ts"
import { type ConnectError, McpServerTimeout } from "./ConnectError.ts"
import { connect, type SessionObserver, type SessionTarget } from "./connect.ts"
import { causes } from "../causes.ts"
import { connectFailure, isClientTimeout } from "./connectFailure.ts"
import type { EraVerdicts } from "./EraVerdicts.ts"
import { hearOfTools } from "./hearOfTools.ts"
import { type ListLimits, listAllTools } from "./listAllTools.ts"
import type { McpSession } from "./McpSession.ts"
import { observeHandshake, sessionFacts } from "./observeHandshake.ts"
import { SessionNotices } from "./SessionNotices.ts"
import { watchMessages } from "./watchMessages.ts"

export interface SessionLimits extends ListLimits, ServerRequestLimits {
  readonly connectTimeoutMs: number
  readonly serverMessagesPerSecond: number
}

/** Opens a session with an MCP server of either era. It is closed with the scope. */
export const openSession = Effect.fnUntraced(function* (
  transports: Transports["Service"],
  verdicts: EraVerdicts,
  target: SessionTarget,
  limits: SessionLimits,
  observer: SessionObserver,
): Effect.fn.Return<McpSession, ConnectError, Scope.Scope> {
  const { actor, name, serverId } = target
  const context = { actor, server: { id: serverId, name } }
  const requests = makeServerRequests(yield* ClientFeatures, context, limits)
  const connection = yield* observeHandshake(
    target,
    yield* verdicts.get(target.key),
    requests.during(() => connect(transports, verdicts, requests, target, limits.connectTimeoutMs, observer)),
  )
  const { config } = target
  const session = () => sessionFacts(connection)
  yield* observeSession({ serverId, config, protocolVersion: session().protocolVersion })
  const { challenge, client, diagnostics, lastFailure } = connection
  const notices = new SessionNotices(connection)
  watchMessages(connection, notices, limits.serverMessagesPerSecond, observer.toolsChanged)

  const list = (meta: TraceMeta | undefined) =>
    Effect.tryPromise({
      try: (signal) => listAllTools(client, limits, signal, meta),
      catch: (cause) => {
        const chain = [...causes(cause), ...causes(lastFailure())]
        return isClientTimeout(chain)
          ? new McpServerTimeout({
              serverName: name,
              step: "list",
              millis: limits.listTimeoutMs,
              diagnostics: diagnostics(),
            })
          : connectFailure(target, chain, diagnostics(), challenge())
      },
    })
  const listToolsAside = observeRequest(
    { method: "tools/list", config, session, errorTypeOf: errorCode },
    list,
  ).pipe(
    Effect.map((tools) =>
      connection.isModern() && config.type !== "stdio"
        ? tools.filter(({ inputSchema }) => hasValidHeaderParameters(inputSchema))
        : tools,
    ),
  )
  const listTools = listToolsAside.pipe(
    Effect.tap(() => Effect.sync(connection.succeeded)),
    // A server that failed to list its tools is met anew next time.
    Effect.tapError(() => Effect.sync(connection.abandon)),
  )

  return {
    listTools: requests.during(() => listTools),
    listToolsAside,
    hearOfTools: hearOfTools(connection, limits.connectTimeoutMs),
    callTool: (call) =>
      observeRequest(
        {
          method: "tools/call",
          tool: call.tool.name,
          config,
          session,
          errorTypeOf: callErrorType,
          problemOf: resultErrorType,
          rpcCodeOf,
        },
        (meta) => callTool(connection, notices, call, meta),
      ),
    isOpen: connection.isOpen,
    era: connection.isModern() ? "modern" : "legacy",
  }
})

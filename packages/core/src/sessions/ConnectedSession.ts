import type { CallToolResult } from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import { causes } from "../causes.ts"
import { errorCode } from "../connect/errorCode.ts"
import type { ServerRequestLimits } from "../serverRequests/ServerRequests.ts"
import { observeRequest } from "../telemetry/observeRequest.ts"
import type { TraceMeta } from "../telemetry/spans.ts"
import { hasValidHeaderParameters } from "../tools/hasValidHeaderParameters.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
import { callErrorType, resultErrorType, rpcCodeOf } from "./callErrorType.ts"
import { callTool } from "./callTool.ts"
import type { Connection } from "./Connection.ts"
import { type ConnectError, McpServerTimeout } from "./ConnectError.ts"
import { connectFailure, isClientTimeout } from "./connectFailure.ts"
import { hearOfTools } from "./hearOfTools.ts"
import { type ListLimits, listAllTools } from "./listAllTools.ts"
import type { McpSession, ToolCall, ToolCallError } from "./McpSession.ts"
import { sessionFacts } from "./observeHandshake.ts"
import type { SessionNotices } from "./SessionNotices.ts"

export interface SessionLimits extends ListLimits, ServerRequestLimits {
  readonly connectTimeoutMs: number
  readonly serverMessagesPerSecond: number
}

type Tools = Effect.Effect<ReadonlyArray<ToolDefinition>, ConnectError>

/** A session by the connection that it has. Most of them are idle: what it does is made when it is asked for. */
export class ConnectedSession implements McpSession {
  readonly #connection: Connection
  readonly #notices: SessionNotices
  readonly #limits: SessionLimits

  constructor(connection: Connection, notices: SessionNotices, limits: SessionLimits) {
    this.#connection = connection
    this.#notices = notices
    this.#limits = limits
  }

  get era(): McpSession["era"] {
    return this.#connection.isModern ? "modern" : "legacy"
  }

  isOpen(): boolean {
    return this.#connection.isOpen
  }

  get hearOfTools(): Effect.Effect<void> | undefined {
    return hearOfTools(this.#connection, this.#limits.connectTimeoutMs)
  }

  get listTools(): Tools {
    const connection = this.#connection
    const listed = this.listToolsAside.pipe(
      Effect.tap(() => Effect.sync(() => connection.answered())),
      // A server that failed to list its tools is met anew next time.
      Effect.tapError(() => Effect.sync(() => connection.abandon())),
    )
    return connection.requests.during(() => listed)
  }

  get listToolsAside(): Tools {
    const connection = this.#connection
    const { config } = connection.target
    return observeRequest(
      { method: "tools/list", config, session: () => sessionFacts(connection), errorTypeOf: errorCode },
      (meta) => this.#list(meta),
    ).pipe(
      Effect.map((tools) =>
        connection.isModern && config.type !== "stdio"
          ? tools.filter(({ inputSchema }) => hasValidHeaderParameters(inputSchema))
          : tools,
      ),
    )
  }

  callTool(call: ToolCall): Effect.Effect<CallToolResult, ToolCallError> {
    const connection = this.#connection
    return observeRequest(
      {
        method: "tools/call",
        tool: call.tool.name,
        config: connection.target.config,
        session: () => sessionFacts(connection),
        errorTypeOf: callErrorType,
        problemOf: resultErrorType,
        rpcCodeOf,
      },
      (meta) => callTool(connection, this.#notices, call, meta),
    )
  }

  #list(meta: TraceMeta | undefined): Tools {
    return Effect.tryPromise({
      try: (signal) => listAllTools(this.#connection.client, this.#limits, signal, meta),
      catch: (cause) => {
        const { challenge, diagnostics, lastFailure, target } = this.#connection
        const chain = [...causes(cause), ...causes(lastFailure)]
        return isClientTimeout(chain)
          ? new McpServerTimeout({
              serverName: target.name,
              step: "list",
              millis: this.#limits.listTimeoutMs,
              diagnostics,
            })
          : connectFailure(target, chain, diagnostics, challenge)
      },
    })
  }
}

import type { CallToolResult } from "@modelcontextprotocol/client"
import type * as Effect from "effect/Effect"
import type { Actor } from "../actors/Actor.ts"
import { errorCode } from "../connect/errorCode.ts"
import { callErrorType, resultErrorType } from "../sessions/callErrorType.ts"
import type { ConnectError } from "../sessions/ConnectError.ts"
import type { ToolCallFailed, ToolCallNotSent, ToolCallUnauthorized } from "../sessions/McpSession.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { nameAttribute, serverAttributes } from "../telemetry/attributes.ts"
import { runDuration } from "../telemetry/metrics.ts"
import { observe } from "../telemetry/observe.ts"
import type { OfferedTool } from "./ToolStore.ts"

type Failure = ConnectError | StoreError | ToolCallFailed | ToolCallNotSent | ToolCallUnauthorized

/** Shows a run with all that it takes: a session where there was none, and the call, twice where the first one was not sent. */
export const observeRun = <R>(
  actor: Actor,
  { server, tool }: OfferedTool,
  run: Effect.Effect<CallToolResult, Failure, R>,
): Effect.Effect<CallToolResult, Failure, R> =>
  observe(
    () => ({
      name: "mooring.run",
      kind: "internal",
      attributes: () => ({
        "mooring.server.id": server.id,
        "mooring.tool.name": nameAttribute(tool.definition.name),
        "network.transport": serverAttributes(server.config)["network.transport"],
      }),
      errorTypeOf,
      problemOf: resultErrorType,
      duration: {
        metric: runDuration,
        by: (attributes) => ({
          "network.transport": attributes["network.transport"],
          "error.type": attributes["error.type"],
        }),
      },
      event: {
        name: "run_finished",
        fields: () => ({
          server: server.id,
          tool: nameAttribute(tool.definition.name),
          organization: actor.organizationId,
          user: actor.userId,
        }),
      },
    }),
    () => run,
  )

const errorTypeOf = (error: Failure): string => {
  switch (error._tag) {
    case "ToolCallFailed":
    case "ToolCallNotSent":
    case "ToolCallUnauthorized":
      return callErrorType(error)
    default:
      return errorCode(error)
  }
}

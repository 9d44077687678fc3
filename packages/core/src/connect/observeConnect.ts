import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Actor } from "../actors/Actor.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import { serverAttributes } from "../telemetry/attributes.ts"
import { observe } from "../telemetry/observe.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
import { errorCode, type ServiceError } from "./errorCode.ts"

/** Shows an attempt to connect before somebody's eyes: until its tools are there, the user's sign-in included. */
export const observeConnect = <R>(
  { organizationId, userId }: Actor,
  config: ServerConfig,
  serverId: string | undefined,
  attempt: Effect.Effect<ReadonlyArray<ToolDefinition>, ServiceError, R>,
): Effect.Effect<ReadonlyArray<ToolDefinition>, ServiceError, R> =>
  observe(
    () => ({
      name: "mooring.connect",
      kind: "internal",
      attributes: () => ({ "mooring.server.id": serverId, ...serverAttributes(config) }),
      errorTypeOf: errorCode,
      event: {
        name: "connect_finished",
        fields: (exit) => ({
          server: serverId,
          transport: config.type,
          tools: Exit.isSuccess(exit) ? exit.value.length : undefined,
          organization: organizationId,
          user: userId,
        }),
      },
    }),
    () => attempt,
  )

import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { errorCode, type ServiceError } from "../connect/errorCode.ts"
import { observe } from "../telemetry/observe.ts"
import type { ToolChanges } from "./replaceTools.ts"

/** Shows how the tools of a server are listed anew: with a session where there was none, and what has changed. */
export const observeRefresh = <E extends ServiceError, R>(
  serverId: string,
  refresh: Effect.Effect<ToolChanges, E, R>,
): Effect.Effect<ToolChanges, E, R> =>
  observe(
    () => ({
      name: "mooring.refresh",
      kind: "internal",
      attributes: () => ({ "mooring.server.id": serverId }),
      errorTypeOf: errorCode,
      event: {
        name: "tools_refreshed",
        fields: (exit) => ({
          server: serverId,
          ...(Exit.isSuccess(exit)
            ? {
                added: exit.value.added.length,
                updated: exit.value.updated.length,
                deleted: exit.value.deleted.length,
              }
            : {}),
        }),
      },
    }),
    () => refresh,
  )

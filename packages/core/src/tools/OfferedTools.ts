import * as Cache from "effect/Cache"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Options } from "../Options.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { StoreSignals } from "../storage/StoreSignals.ts"
import type { McpToolNotFound } from "./McpToolNotFound.ts"
import { type OfferedTool, ToolStore } from "./ToolStore.ts"

/**
 * Tools as they are run: remembered on this node, so that a warm run asks the store nothing. What was read is forgotten
 * when the stores tell of a change, and nothing is remembered while they can't.
 */
export class OfferedTools extends Context.Service<
  OfferedTools,
  {
    readonly get: (
      organizationId: string,
      serverId: string,
      id: string,
    ) => Effect.Effect<OfferedTool, McpServerNotFound | McpToolNotFound | StoreError>
  }
>()("@mooring/core/tools/OfferedTools") {
  static readonly layer = Layer.effect(
    OfferedTools,
    Effect.gen(function* () {
      const store = yield* ToolStore
      const signals = yield* StoreSignals
      const { limits } = yield* Options
      let isRemembering = false

      const cache = yield* Cache.makeWith(
        ({ id, organizationId, serverId }: ToolKey) => store.get(organizationId, serverId, id),
        {
          capacity: limits.rememberedTools,
          // A signal that gets lost in a way that nobody notices must not hold for ever.
          timeToLive: (exit) => (Exit.isSuccess(exit) ? Duration.millis(limits.rememberMs) : Duration.zero),
        },
      )
      const forget = Effect.fnUntraced(function* (serverId: string) {
        for (const key of yield* Cache.keys(cache)) {
          if (key.serverId === serverId) yield* Cache.invalidate(cache, key)
        }
      })

      yield* signals.listen((signal) => {
        switch (signal.type) {
          case "interrupted":
          case "resumed":
            isRemembering = signal.type === "resumed"
            return Cache.invalidateAll(cache)
          case "server_changed":
          case "server_removed":
          case "tools_changed":
            return forget(signal.serverId)
          default:
            return Effect.void
        }
      })

      return OfferedTools.of({
        get: (organizationId, serverId, id) =>
          Effect.suspend(() =>
            isRemembering
              ? Cache.get(cache, new ToolKey({ organizationId, serverId, id }))
              : store.get(organizationId, serverId, id),
          ),
      })
    }),
  )
}

class ToolKey extends Data.Class<{
  readonly organizationId: string
  readonly serverId: string
  readonly id: string
}> {}

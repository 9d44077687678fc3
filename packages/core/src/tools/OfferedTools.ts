import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Options } from "../Options.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import { remember } from "../storage/remember.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { StoreSignals } from "../storage/StoreSignals.ts"
import type { McpToolNotFound } from "./McpToolNotFound.ts"
import { type OfferedTool, ToolStore } from "./ToolStore.ts"

/** Tools as they are run: remembered on this node, so that a warm run asks the store nothing. */
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
      const { limits } = yield* Options
      const remembered = yield* remember({
        signals: yield* StoreSignals,
        read: ({ id, organizationId, serverId }: ToolFields) => store.get(organizationId, serverId, id),
        concerns: (signal, { serverId }) => "serverId" in signal && signal.serverId === serverId,
        labelOf: ({ id }) => id,
        capacity: limits.rememberedTools,
        millis: limits.rememberMs,
      })
      return OfferedTools.of({
        get: (organizationId, serverId, id) => remembered.get({ organizationId, serverId, id }),
      })
    }),
  )
}

type ToolFields = {
  readonly organizationId: string
  readonly serverId: string
  readonly id: string
}

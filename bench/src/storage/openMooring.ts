import {
  createMooring,
  layerMemoryStores,
  McpServerStore,
  type Mooring,
  type MooringOptions,
  type Stores,
  StoreSignals,
  ToolStore,
} from "@mooring/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { BenchContext } from "../Bench.ts"

/** A Mooring, and the stores that it runs on. */
export interface OpenMooring {
  readonly mooring: Mooring
  readonly servers: McpServerStore["Service"]
  readonly tools: ToolStore["Service"]
}

/** Resolves when it is ready and hears of what changes: before that it would not remember anything. */
export const openMooring = async (
  { resources }: BenchContext,
  stores: Layer.Layer<Stores, Error> = layerMemoryStores,
  options: Partial<Omit<MooringOptions<never>, "stores">> = {},
): Promise<OpenMooring> => {
  const { promise: opened, resolve } = Promise.withResolvers<Context.Context<Stores>>()
  const mooring = createMooring({
    // Benches act for many organizations; they say which in the request.
    actor: (request) => ({ organizationId: request.headers.get("x-organization") ?? "", userId: "bench" }),
    ...options,
    stores: Layer.tap(stores, (context) => Effect.sync(() => resolve(context))),
  })
  resources.defer(mooring.close)
  await mooring.ready
  const context = await opened
  await hears(Context.get(context, StoreSignals))
  return { mooring, servers: Context.get(context, McpServerStore), tools: Context.get(context, ToolStore) }
}

const hears = ({ listen }: StoreSignals["Service"]): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  return listen(({ type }) => Effect.sync(() => (type === "resumed" ? resolve() : undefined))).pipe(
    Effect.andThen(Effect.promise(() => promise)),
    Effect.scoped,
    Effect.runPromise,
  )
}

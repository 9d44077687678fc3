import {
  createMooring,
  type Mooring,
  type MooringOptions,
  StdioForbidden,
  type Stores,
  ToolStore,
  Transports,
} from "@mooring/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** The actor of all writes. */
export const writer = { organizationId: "writers", userId: "writer" }

/** A Mooring, and one of the stores that it runs on. */
export interface OpenedMooring extends AsyncDisposable {
  readonly mooring: Mooring
  readonly toolStore: ToolStore["Service"]
}

/** Opens a Mooring that reaches no MCP server, and waits until it is ready. */
export const openMooring = async (
  stores: Layer.Layer<Stores, Error>,
  options: Omit<Partial<MooringOptions>, "stores" | "transports"> = {},
): Promise<OpenedMooring> => {
  const opened = Promise.withResolvers<ToolStore["Service"]>()
  const mooring = createMooring({
    actor: () => writer,
    ...options,
    stores: Layer.tap(stores, (context) =>
      Effect.sync(() => opened.resolve(Context.get(context, ToolStore))),
    ),
    transports: Layer.succeed(
      Transports,
      Transports.of({ make: () => Effect.fail(new StdioForbidden({ code: "stdio_disabled" })) }),
    ),
  })
  try {
    await mooring.ready
  } catch (error) {
    await mooring.close()
    throw error
  }
  return { mooring, toolStore: await opened.promise, [Symbol.asyncDispose]: mooring.close }
}

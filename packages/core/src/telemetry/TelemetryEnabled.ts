import * as Context from "effect/Context"
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"

/**
 * Whether Mooring makes spans and counts what it does. By default it does where the application has set up a tracer of
 * its own; `true` is for one that wants the metrics alone, `false` for one that wants neither.
 */
export const TelemetryEnabled = Context.Reference<boolean | undefined>(
  "@mooring/core/telemetry/TelemetryEnabled",
  { defaultValue: () => undefined },
)

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** Whether anybody wants to know: everything else in this folder costs nothing where this is false. */
export const isMeasured = (fiber: AnyFiber): boolean =>
  fiber.getRef(TelemetryEnabled) ?? (fiber.cache.tracer !== undefined && fiber.cache.tracerEnabled)

/** Effect's native tracer keeps spans for nobody: only one that the application has set up counts. */
export const tracerOf = ({ cache }: AnyFiber): Tracer.Tracer | undefined =>
  cache.tracerEnabled ? cache.tracer : undefined

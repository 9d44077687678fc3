import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import type { Attributes } from "./attributes.ts"
import type { LimitedMetric } from "./LimitedMetric.ts"
import { isLogged, logEvent, type LoggedEvent, type LogFields } from "./logEvent.ts"
import { endSpan, startSpan, traceMeta, type TraceMeta } from "./spans.ts"
import { isMeasured } from "./TelemetryEnabled.ts"

/** What there is to see of an operation. Its functions are called when it has ended. */
export interface Observed<A, E> {
  /** Of the span: words of ours, and names of tools. A function: known only afterwards, or not at all. */
  readonly name: string | (() => string | undefined)
  readonly kind: "client" | "internal"
  readonly attributes: (exit: Exit.Exit<A, E>) => Attributes
  /** The type of a failure, one of few. */
  readonly errorTypeOf: (error: E) => string
  /** The same for what is a failure although it has a value. */
  readonly problemOf?: (value: A) => string | undefined
  /** How long it took, in seconds, by what is of the attributes on it. */
  readonly duration?: {
    readonly metric: LimitedMetric<number>
    readonly by: (attributes: Attributes) => Attributes
  }
  readonly event?: { readonly name: LoggedEvent; readonly fields: (exit: Exit.Exit<A, E>) => LogFields }
}

/**
 * Shows an operation to whoever wants to see it: as a span, in metrics, as a log line. Where nobody does, it is run as
 * it is.
 *
 * @param use is given what an MCP server is to be told with the request.
 */
export const observe = <A, E, R>(
  describe: () => Observed<A, E>,
  use: (meta: TraceMeta | undefined) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) =>
    isMeasured(fiber) || isLogged(fiber) ? observing(fiber, describe(), use) : use(undefined),
  )

const observing = <A, E, R>(
  fiber: Fiber.Fiber<unknown, unknown>,
  observed: Observed<A, E>,
  use: (meta: TraceMeta | undefined) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> => {
  const { kind, name } = observed
  const clock = fiber.getRef(Clock.Clock)
  const startTime = clock.currentTimeNanosUnsafe()
  const isSeen = isMeasured(fiber)
  const span = isSeen && typeof name === "string" ? startSpan(fiber, name, kind, startTime) : undefined
  const operation: Effect.Effect<A, E, R> =
    span === undefined ? use(undefined) : Effect.provideService(use(traceMeta(span)), Tracer.ParentSpan, span)

  return Effect.onExit(operation, (exit) => {
    const endTime = clock.currentTimeNanosUnsafe()
    const errorType = errorTypeOf(observed, exit)
    if (isSeen) {
      const attributes = { ...observed.attributes(exit), "error.type": errorType }
      const laterName = typeof name === "string" ? undefined : name()
      const ended = laterName === undefined ? span : startSpan(fiber, laterName, kind, startTime)
      if (ended !== undefined) endSpan(ended, endTime, attributes, errorType)
      if (typeof name === "string" || laterName !== undefined) {
        const { by, metric } = observed.duration ?? {}
        metric?.update(Number(endTime - startTime) / 1e9, by?.(attributes) ?? attributes, fiber.context)
      }
    }
    if (observed.event === undefined || !isLogged(fiber)) return Effect.void
    return logEvent(observed.event.name, {
      status: errorType === undefined ? "success" : "error",
      error_type: errorType,
      duration_ms: Math.round(Number(endTime - startTime) / 1e6),
      ...observed.event.fields(exit),
    })
  })
}

/** `_OTHER` is OpenTelemetry's word for what has no better one. */
const errorTypeOf = <A, E>(
  { errorTypeOf, problemOf }: Observed<A, E>,
  exit: Exit.Exit<A, E>,
): string | undefined => {
  if (Exit.isSuccess(exit)) return problemOf?.(exit.value)
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error !== undefined) return errorTypeOf(error)
  return Cause.hasInterruptsOnly(exit.cause) ? "cancelled" : "_OTHER"
}

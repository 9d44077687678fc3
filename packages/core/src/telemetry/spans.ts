import { TRACEPARENT_META_KEY } from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as References from "effect/References"
import type * as Tracer from "effect/Tracer"
import type { Attributes } from "./attributes.ts"
import { tracerOf } from "./TelemetryEnabled.ts"

/** `_meta` of a request, by which the MCP server's spans become children of ours (SEP-414). */
export type TraceMeta = { readonly [TRACEPARENT_META_KEY]: string }

/** A span of the application's tracer, if it has set one up. */
export const startSpan = (
  fiber: Fiber.Fiber<unknown, unknown>,
  name: string,
  kind: Tracer.SpanKind,
  startTime: bigint,
): Tracer.Span | undefined => {
  const parent = fiber.cache.span
  const span = tracerOf(fiber)?.span({
    name,
    kind,
    startTime,
    parent: Option.fromUndefinedOr(parent),
    annotations: Context.empty(),
    links: [],
    root: false,
    sampled: parent?.sampled ?? true,
  })
  if (span !== undefined) setAttributes(span, fiber.getRef(References.TracerSpanAnnotations))
  return span
}

export const setAttributes = (span: Tracer.Span, attributes: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) span.attribute(name, value)
  }
}

/**
 * Ends a span by what was found out. Of a failure it is told the type alone: messages and stack traces, which tracers
 * write down with a failure, may hold what a server has said.
 */
export const endSpan = (
  span: Tracer.Span,
  endTime: bigint,
  attributes: Attributes,
  errorType: string | undefined,
): void => {
  setAttributes(span, attributes)
  span.end(endTime, errorType === undefined ? Exit.void : Exit.fail({ name: errorType, message: errorType }))
}

/** W3C Trace Context, section 3.2. Neither `tracestate` nor `baggage`: what the host keeps there is no server's business. */
export const traceMeta = ({ sampled, spanId, traceId }: Tracer.Span): TraceMeta => ({
  [TRACEPARENT_META_KEY]: `00-${traceId.padStart(32, "0")}-${spanId}-${sampled ? "01" : "00"}`,
})

import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpTraceContext from "effect/http/HttpTraceContext"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import { tracerOf } from "../telemetry/TelemetryEnabled.ts"

/**
 * The header `traceparent` of a request (W3C Trace Context) names the parent of the spans that it leads to. A span of
 * the request itself is the host's to make: Effect's would tell its URL, in which names stand, and at the callback a code.
 */
export const incomingTrace = HttpRouter.middleware(
  (handler) =>
    Effect.withFiber((fiber) => {
      if (tracerOf(fiber) === undefined || fiber.cache.span !== undefined) return handler
      return Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ headers }) =>
        Option.match(HttpTraceContext.w3c(headers), {
          onNone: () => handler,
          onSome: (parent) => Effect.provideService(handler, Tracer.ParentSpan, parent),
        }),
      )
    }),
  { global: true },
)

import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Where spans, metrics and log lines are sent to. */
export interface OtlpOptions {
  /** The collector's base URL; `/v1/traces`, `/v1/metrics` and `/v1/logs` are added to it. Default: `http://localhost:4318`. */
  readonly url?: string
  /** Sent with each export, such as an `authorization`. */
  readonly headers?: Readonly<Record<string, string>>
  /** The `service.name`. Default: `OTEL_SERVICE_NAME`, or else `mooring`. */
  readonly serviceName?: string
  readonly serviceVersion?: string
  /** More attributes of the resource, such as `deployment.environment.name`. */
  readonly attributes?: Readonly<Record<string, string>>
  /** How often spans, metrics and log lines are sent, in milliseconds. What is left is sent at the end. Default: 5,000. */
  readonly intervalMs?: number
}

/**
 * Sends spans, metrics and log lines to an OpenTelemetry collector, as JSON over HTTP: for the option `telemetry` of
 * `createMooring`, or as a layer of an Effect application. A collector that is away harms nothing.
 */
export const otlp = (options: OtlpOptions = {}): Layer.Layer<never> =>
  // Loaded where it is asked for: a host that does not pays nothing for it.
  Layer.unwrap(
    Effect.map(
      Effect.promise(() => import("./otlpExport.ts")),
      ({ otlpExport }) => otlpExport(options),
    ),
  )

import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Otlp from "effect/observability/Otlp"
import type { OtlpOptions } from "./otlp.ts"
import { TelemetryEnabled } from "./TelemetryEnabled.ts"

/**
 * The exporters themselves. The collector is the host's own word and may well be on a private address, so that it is not
 * reached through the guarded fetch.
 */
export const otlpExport = ({
  attributes = {},
  headers,
  intervalMs = 5_000,
  serviceName,
  serviceVersion,
  url = "http://localhost:4318",
}: OtlpOptions): Layer.Layer<never> =>
  Otlp.layerJson({
    baseUrl: url,
    headers,
    resource: {
      serviceName: serviceName ?? process.env["OTEL_SERVICE_NAME"] ?? "mooring",
      serviceVersion,
      attributes,
    },
    loggerExportInterval: intervalMs,
    metricsExportInterval: intervalMs,
    tracerExportInterval: intervalMs,
  }).pipe(Layer.provide(FetchHttpClient.layer), Layer.merge(Layer.succeed(TelemetryEnabled, true)))

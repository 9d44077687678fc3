import type * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import type { Attributes } from "./attributes.ts"

/**
 * How many series there may be: names of tools are chosen by servers, and must not fill the memory. The last one is for
 * all that have no other, as OpenTelemetry's specification has it (1.55, metrics/sdk, cardinality limits).
 */
const maxSeries = 2_000

/** A metric with attributes, of a bounded number of series. */
export class LimitedMetric<Input> {
  readonly #metric: Metric.Metric<Input, unknown>
  readonly #overflow: Metric.Metric<Input, unknown>
  readonly #series = new Map<string, Metric.Metric<Input, unknown>>()

  constructor(metric: Metric.Metric<Input, unknown>) {
    this.#metric = metric
    this.#overflow = Metric.withAttributes(metric, { "otel.metric.overflow": "true" })
  }

  update(input: Input, attributes: Attributes, context: Context.Context<never>): void {
    this.#seriesOf(attributes).updateUnsafe(input, context)
  }

  #seriesOf(attributes: Attributes): Metric.Metric<Input, unknown> {
    const key = JSON.stringify(attributes)
    const known = this.#series.get(key)
    if (known !== undefined) return known
    if (this.#series.size >= maxSeries - 1) return this.#overflow
    const series = Metric.withAttributes(this.#metric, toText(attributes))
    this.#series.set(key, series)
    return series
  }
}

const toText = (attributes: Attributes): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )

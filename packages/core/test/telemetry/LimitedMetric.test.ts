import * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import { expect, test } from "vitest"
import { LimitedMetric } from "../../src/telemetry/LimitedMetric.ts"

test("a metric has as many series as OpenTelemetry allows, and one for all others", () => {
  const registry: Context.Service.Shape<typeof Metric.MetricRegistry> = new Map()
  const context = Context.make(Metric.MetricRegistry, registry)
  const metric = new LimitedMetric(Metric.counter("calls", { incremental: true }))
  for (let tool = 0; tool < 5_000; tool += 1)
    metric.update(1, { tool: `tool ${tool}`, none: undefined }, context)
  metric.update(1, { tool: "tool 0", none: undefined }, context)

  const series = Metric.snapshotUnsafe(context)
  expect(series).toHaveLength(2_000)
  expect(series[0]).toMatchObject({ attributes: { tool: "tool 0" }, state: { count: 2 } })
  expect(series.at(-1)).toMatchObject({
    attributes: { "otel.metric.overflow": "true" },
    state: { count: 3_001 },
  })
})

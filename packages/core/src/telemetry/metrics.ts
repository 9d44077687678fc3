import * as Metric from "effect/Metric"
import { LimitedMetric } from "./LimitedMetric.ts"

// The first two are OpenTelemetry's for MCP (see ./attributes.ts), of which the boundaries are too; the others have no
// name there yet.

const boundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300]

export const operationDuration = new LimitedMetric(
  Metric.histogram("mcp.client.operation.duration", {
    description: "The duration of the MCP request, from when it was sent until the response was received.",
    boundaries,
    attributes: { unit: "s" },
  }),
)

export const sessionDuration = new LimitedMetric(
  Metric.histogram("mcp.client.session.duration", {
    description: "The duration of the MCP session.",
    boundaries,
    attributes: { unit: "s" },
  }),
)

export const liveSessions = new LimitedMetric(
  Metric.counter("mooring.session.active", {
    description: "Live sessions with MCP servers on this node.",
    attributes: { unit: "{session}" },
  }),
)

export const sessionOpens = new LimitedMetric(
  Metric.counter("mooring.session.opens", {
    description: "Attempts to open a session with an MCP server; those with an error.type have failed.",
    incremental: true,
    attributes: { unit: "{session}" },
  }),
)

export const auditFailures = new LimitedMetric(
  Metric.counter("mooring.audit.failures", {
    description: "Attempts to store audit records that have failed. They are made again.",
    incremental: true,
    attributes: { unit: "{attempt}" },
  }),
)

export const auditLost = new LimitedMetric(
  Metric.counter("mooring.audit.lost", {
    description: "Audit records that were given up, because the store did not take them.",
    incremental: true,
    attributes: { unit: "{record}" },
  }),
)

export const runDuration = new LimitedMetric(
  Metric.histogram("mooring.run.duration", {
    description: "The duration of a run of a tool, connecting included where there was no session.",
    boundaries,
    attributes: { unit: "s" },
  }),
)

import * as Schema from "effect/Schema"
import type { ToolExecution } from "./ToolExecution.ts"

const event = <const Name extends string, Fields extends Schema.Struct.Fields>(name: Name, fields: Fields) =>
  Schema.Struct({ event: Schema.Literal(name), ...fields })

/** How far a run has come, as its MCP server counts it. */
export const RunProgress = event("progress", {
  progress: Schema.Finite,
  total: Schema.optionalKey(Schema.Finite),
  message: Schema.optionalKey(Schema.String),
})
export type RunProgress = typeof RunProgress.Type

/** Something that the MCP server has logged for a run. All of it is the server's own words. */
export const RunLog = event("log", {
  level: Schema.Literals(["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]),
  logger: Schema.optionalKey(Schema.String),
  data: Schema.Unknown,
  /** Whether `data` was too large: it is the beginning of its text then, or null where it was nested too deep. */
  truncated: Schema.optionalKey(Schema.Boolean),
})
export type RunLog = typeof RunLog.Type

/** What may come before the end of a run that is followed, in the order in which it happens, and ends it other than by a result. */
export const RunNotice = Schema.Union([
  RunProgress,
  RunLog,
  /** How many log messages were more than the limits allow. At most once, right before the end. */
  event("logs_left_out", { count: Schema.Int }),
  /** The call has certainly not reached the MCP server. `code` is a stable word for programs, `message` says what to do. */
  event("error", { message: Schema.String, code: Schema.String }),
])
export type RunNotice = typeof RunNotice.Type

/** What happens in a run that is followed. The last is `result` or `error`. */
export type RunEvent = RunNotice | RunResult

/** What came of it. */
export interface RunResult extends ToolExecution {
  readonly event: "result"
}

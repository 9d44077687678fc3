import type { RunEvent, RunResult } from "../api/wire.ts"

export interface RunLog {
  readonly level: string
  readonly text: string
}

/** How a run stands. */
export interface RunState {
  readonly phase: "cancelled" | "done" | "failed" | "idle" | "running"
  readonly progress:
    | { readonly done: number; readonly total: number | undefined; readonly message: string }
    | undefined
  readonly logs: ReadonlyArray<RunLog>
  readonly leftOut: number
  readonly result: RunResult | undefined
  readonly message: string
  readonly code: string
}

export type RunAction =
  | { readonly type: "begun" }
  | { readonly type: "cancelled" }
  | { readonly type: "event"; readonly event: RunEvent }
  | { readonly type: "lost"; readonly message: string; readonly code: string }

export const noRun: RunState = {
  phase: "idle",
  progress: undefined,
  logs: [],
  leftOut: 0,
  result: undefined,
  message: "",
  code: "",
}

const mostLogs = 200

/** What becomes of a run by what happens. After its end nothing but another run changes it. */
export const reduceRun = (state: RunState, action: RunAction): RunState => {
  if (action.type === "begun") return { ...noRun, phase: "running" }
  if (state.phase !== "running") return state
  switch (action.type) {
    case "cancelled":
      return { ...state, phase: "cancelled" }
    case "lost":
      return { ...state, phase: "failed", message: action.message, code: action.code }
    case "event":
      return happened(state, action.event)
  }
}

const happened = (state: RunState, event: RunEvent): RunState => {
  switch (event.event) {
    case "progress":
      return {
        ...state,
        progress: { done: event.progress, total: event.total, message: event.message ?? "" },
      }
    case "log":
      return {
        ...state,
        logs: [...state.logs, { level: event.level, text: toText(event.data) }].slice(-mostLogs),
        leftOut: state.leftOut + (state.logs.length >= mostLogs ? 1 : 0),
      }
    case "logs_left_out":
      return { ...state, leftOut: state.leftOut + event.count }
    case "error":
      return { ...state, phase: "failed", message: event.message, code: event.code }
    case "result":
      return { ...state, phase: "done", result: event }
    // A newer host may tell more.
    default:
      return state
  }
}

const toText = (data: unknown): string => (typeof data === "string" ? data : (JSON.stringify(data) ?? ""))

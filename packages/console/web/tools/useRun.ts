import { useEffect, useReducer, useRef } from "preact/hooks"
import { toApiError } from "../api/ApiError.ts"
import { useApp } from "../app/AppContext.ts"
import type { Json } from "../form/Json.ts"
import { noRun, reduceRun, type RunState } from "./RunState.ts"

export interface Runs {
  readonly state: RunState
  readonly run: (args: Json) => Promise<void>
  readonly cancel: () => void
}

/** The runs of a tool, one after the other. Who leaves cancels. */
export const useRun = (serverId: string, toolId: string): Runs => {
  const { api, states } = useApp()
  const [state, dispatch] = useReducer(reduceRun, noRun)
  const controller = useRef<AbortController | undefined>(undefined)
  useEffect(() => () => controller.current?.abort(), [])

  const run = async (args: Json) => {
    const ending = new AbortController()
    controller.current = ending
    dispatch({ type: "begun" })
    try {
      for await (const event of api.run(serverId, toolId, args, ending.signal)) {
        dispatch({ type: "event", event })
      }
      dispatch({ type: "lost", code: "", message: "The host has ended the run without a word." })
    } catch (error) {
      if (ending.signal.aborted) return
      const { code, message } = toApiError(error)
      if (code === "authorization_required") states.set(serverId, { kind: "needs_sign_in" })
      dispatch({ type: "lost", code, message })
    }
  }
  const cancel = () => {
    controller.current?.abort()
    dispatch({ type: "cancelled" })
  }
  return { state, run, cancel }
}

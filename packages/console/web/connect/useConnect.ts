import { useEffect, useReducer, useRef, useState } from "preact/hooks"
import { toApiError } from "../api/ApiError.ts"
import { useApp } from "../app/AppContext.ts"
import { beginning, type ConnectState, isOver, reduceConnect, type SignInMessage } from "./ConnectState.ts"
import { closeOwn, openSevered, takeSignInWindow } from "./signInWindow.ts"

/** An attempt to connect, and what can be done with it. */
export interface Attempt {
  readonly state: ConnectState
  /** Whether the sign-in was opened in a window; where it was not, the user follows a link. */
  readonly hasWindow: boolean
  readonly cancel: () => void
  /** Begins anew. By a click, so that a window may be opened. */
  readonly again: () => void
}

/** Connects to a server from when it is shown, and until it is left. */
export const useConnect = (id: string): Attempt => {
  const { api, states } = useApp()
  const [state, dispatch] = useReducer(reduceConnect, beginning)
  const [attempt, setAttempt] = useState(0)
  const [hasWindow, setHasWindow] = useState(false)
  const signIn = useRef<Window | undefined>(undefined)
  const controller = useRef<AbortController | undefined>(undefined)

  useEffect(() => {
    const ending = new AbortController()
    controller.current = ending
    signIn.current = takeSignInWindow()
    dispatch({ type: "begun" })
    setHasWindow(false)
    const follow = async () => {
      let last: string | undefined
      for await (const event of api.connect(id, ending.signal)) {
        last = event.event
        dispatch({ type: "event", event })
      }
      if (last !== "success" && last !== "error") {
        dispatch({ type: "lost", code: "", message: "The host has ended the attempt without a word." })
      }
    }
    follow().catch((error: unknown) => {
      if (ending.signal.aborted) return
      const { code, message } = toApiError(error)
      dispatch({ type: "lost", code, message })
    })
    return () => ending.abort()
  }, [api, id, attempt])

  // The window is opened on the click that began this, or follows it so closely that the browser still allows it.
  useEffect(() => {
    if (state.url === undefined || state.phase !== "waiting") return
    const isClickRecent = navigator.userActivation?.isActive ?? false
    if (signIn.current === undefined || signIn.current.closed) {
      signIn.current = isClickRecent ? openSevered() : undefined
    }
    signIn.current?.location.replace(state.url)
    setHasWindow(signIn.current !== undefined)
  }, [state.url, state.phase])

  // A window that has nothing left to show is closed.
  useEffect(() => {
    if (!isOver(state)) return
    if (state.phase !== "failed" || state.url === undefined) closeOwn(signIn.current)
    if (state.phase === "connected") states.set(id, { kind: "connected", diff: undefined })
    if (state.phase === "failed") {
      states.set(
        id,
        state.wantsSignIn ? { kind: "needs_sign_in" } : { kind: "failed", reason: state.message },
      )
    }
  }, [state, states, id])

  const sessionId = useRef<string | undefined>(undefined)
  sessionId.current = state.sessionId
  useEffect(() => {
    const channel = new BroadcastChannel("mooring:authorization")
    channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const message = readMessage(data)
      if (message === undefined) return
      dispatch({ type: "told", message })
      // By then the window is on our page, whether the stream has told of it before or not.
      if (message.status === "success" && message.sessionId === sessionId.current) closeOwn(signIn.current)
    })
    return () => channel.close()
  }, [])

  return {
    state,
    hasWindow,
    cancel: () => {
      controller.current?.abort()
      dispatch({ type: "cancelled" })
    },
    again: () => setAttempt((before) => before + 1),
  }
}

/** Any page of this origin may have sent it. */
const readMessage = (data: unknown): SignInMessage | undefined => {
  if (typeof data !== "object" || data === null || !("type" in data)) return undefined
  if (data.type !== "mooring:authorization" || !("status" in data) || typeof data.status !== "string") {
    return undefined
  }
  const sessionId = "session_id" in data && typeof data.session_id === "string" ? data.session_id : undefined
  return { status: data.status, sessionId }
}

import type { ConnectEvent } from "../api/wire.ts"
import { safeLink } from "../parts/safeLink.ts"

/** What the page that ends a sign-in tells the windows of its origin. */
export interface SignInMessage {
  readonly status: string
  /** Which sign-in it is about; undefined where that page was not for this user to know. */
  readonly sessionId: string | undefined
}

/** How an attempt to connect stands. */
export interface ConnectState {
  readonly phase: "asking" | "cancelled" | "connected" | "failed" | "reaching" | "signed_in" | "waiting"
  /** Whether the server wanted a sign-in. */
  readonly wantsSignIn: boolean
  /** Where the user is to be sent; only ever an address of http or https. */
  readonly url: string | undefined
  readonly sessionId: string | undefined
  readonly toolCount: number
  /** Why it failed, or what the page of the sign-in has told. */
  readonly message: string
  readonly code: string
}

export type ConnectAction =
  | { readonly type: "begun" }
  | { readonly type: "cancelled" }
  | { readonly type: "event"; readonly event: ConnectEvent }
  | { readonly type: "lost"; readonly message: string; readonly code: string }
  | { readonly type: "told"; readonly message: SignInMessage }

export const beginning: ConnectState = {
  phase: "reaching",
  wantsSignIn: false,
  url: undefined,
  sessionId: undefined,
  toolCount: 0,
  message: "",
  code: "",
}

export const isOver = ({ phase }: ConnectState): boolean =>
  phase === "connected" || phase === "failed" || phase === "cancelled"

/** What becomes of an attempt by what happens. After its end nothing but a new beginning changes it. */
export const reduceConnect = (state: ConnectState, action: ConnectAction): ConnectState => {
  if (action.type === "begun") return beginning
  if (isOver(state)) return state
  switch (action.type) {
    case "cancelled":
      return { ...state, phase: "cancelled" }
    case "lost":
      return { ...state, phase: "failed", message: action.message, code: action.code }
    case "told":
      return isAbout(state, action.message) ? told(state, action.message.status) : state
    case "event":
      return happened(state, action.event)
  }
}

/** Another user's window does not tell which sign-in it had: it may be this one as long as this one waits. */
const isAbout = (state: ConnectState, { sessionId, status }: SignInMessage): boolean =>
  sessionId === undefined
    ? status === "wrong_user" && state.phase === "waiting"
    : sessionId === state.sessionId

const happened = (state: ConnectState, event: ConnectEvent): ConnectState => {
  switch (event.event) {
    case "connection_attempt":
      return state
    case "oauth_required":
      return { ...state, phase: "asking", wantsSignIn: true }
    case "authorization_url": {
      const url = safeLink(event.url)
      return url === undefined
        ? {
            ...state,
            phase: "failed",
            code: "unsafe_endpoint",
            message: "The address of its sign-in is none that can be opened safely.",
          }
        : { ...state, phase: "waiting", wantsSignIn: true, url, sessionId: event.session_id }
    }
    case "waiting_for_auth":
      return state.phase === "signed_in" ? state : { ...state, phase: "waiting", wantsSignIn: true }
    case "success":
      return { ...state, phase: "connected", toolCount: event.tools.length, message: "" }
    case "error":
      return { ...state, phase: "failed", message: event.message, code: event.code ?? "" }
    // A newer host may tell more.
    default:
      return state
  }
}

/** The stream says what came of it; until then, what the user has just read there must not be contradicted here. */
const told = (state: ConnectState, status: string): ConnectState => {
  if (status === "success") return { ...state, phase: "signed_in", message: "" }
  if (status === "wrong_user") {
    return {
      ...state,
      message: "Somebody else was signed in to this host in that window. Sign in as yourself there.",
    }
  }
  return state
}

/** How an attempt ended, in one heading. */
export const failureTitle = (code: string): string => {
  switch (code) {
    case "access_denied":
      return "The sign-in was refused"
    case "authorization_expired":
      return "The sign-in took too long"
    case "stdio_disabled":
    case "stdio_forbidden":
    case "network_forbidden":
      return "This host does not allow it"
    default:
      return "It could not be connected"
  }
}

export interface Step {
  readonly title: string
  readonly status: "current" | "done" | "failed" | "skipped" | "upcoming"
}

/** The attempt as steps, one after the other. */
export const stepsOf = (state: ConnectState): ReadonlyArray<Step> => {
  const titles = ["Reach the server", "Find where its users sign in", "Sign in", "List its tools"]
  const at = currentStep(state)
  return titles.map((title, index) => ({ title, status: statusOf(state, index, at) }))
}

const statusOf = (state: ConnectState, index: number, at: number): Step["status"] => {
  const isSignIn = index === 1 || index === 2
  if (state.phase === "connected") return isSignIn && !state.wantsSignIn ? "skipped" : "done"
  if (index < at) return isSignIn && !state.wantsSignIn ? "skipped" : "done"
  if (index > at) return "upcoming"
  return isOver(state) ? "failed" : "current"
}

const currentStep = ({ phase, url, wantsSignIn }: ConnectState): number => {
  if (phase === "reaching") return 0
  if (phase === "asking") return 1
  if (phase === "waiting") return url === undefined ? 1 : 2
  if (phase === "signed_in") return 3
  // Where it ended: by what had been reached.
  if (!wantsSignIn) return 0
  return url === undefined ? 1 : 2
}

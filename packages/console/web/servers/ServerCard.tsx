import { useApp, useServerState } from "../app/AppContext.ts"
import { toHash } from "../app/Route.ts"
import { useLoad } from "../app/useLoad.ts"
import type { Server } from "../api/wire.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { StateBadge } from "../parts/StateBadge.tsx"
import { prepareSignInWindow } from "../connect/signInWindow.ts"
import { typeLabels, whereabouts } from "./describeServer.ts"
import { diffSummary, type ServerState } from "./ServerState.ts"

/** A server in the list: what it is, how it is, and what to do about that. */
export const ServerCard = ({ server }: { readonly server: Server }) => {
  const { api, states } = useApp()
  const state = useServerState(server.id)
  const tools = useLoad(`${server.id} ${state.kind}`, (signal) => api.listTools(server.id, signal))
  return (
    <li class="card">
      <div class="card-head">
        <h2>
          <a href={toHash.server(server.id)}>
            <ForeignText text={server.server_name} />
          </a>
        </h2>
        <StateBadge state={state} />
      </div>
      <p class="whereabouts">
        <ForeignText text={whereabouts(server)} length={300} />
      </p>
      <Reason state={state} />
      <div class="card-foot">
        <p class="facts">
          {typeLabels[server.mcp_server_type]}
          {tools.status === "loaded" &&
            (tools.value.length > 0 || state.kind === "connected") &&
            ` · ${tools.value.length} tool${tools.value.length === 1 ? "" : "s"}`}
        </p>
        <Act server={server} state={state} onCheck={() => states.check(server.id)} />
      </div>
    </li>
  )
}

const Reason = ({ state }: { readonly state: ServerState }) => {
  switch (state.kind) {
    case "failed":
    case "off":
      return (
        <p class="reason">
          <ForeignText text={state.reason} length={400} />
        </p>
      )
    case "needs_sign_in":
      return <p class="reason">Its users sign in, each as themselves. You have not yet.</p>
    case "connected":
      return state.diff === undefined ? null : (
        <p class="reason">{diffSummary(state.diff)} since it was last listed.</p>
      )
    default:
      return null
  }
}

interface ActProps {
  readonly server: Server
  readonly state: ServerState
  readonly onCheck: () => void
}

const Act = ({ onCheck, server, state }: ActProps) => {
  const of = <span class="for-readers"> {server.server_name}</span>
  switch (state.kind) {
    case "needs_sign_in":
      return (
        <a class="button small primary" href={toHash.connect(server.id)} onClick={prepareSignInWindow}>
          Sign in{of}
        </a>
      )
    case "failed":
    case "unknown":
      return (
        <button type="button" class="small" onClick={onCheck}>
          {state.kind === "failed" ? "Try again" : "Check"}
          {of}
        </button>
      )
    default:
      return null
  }
}

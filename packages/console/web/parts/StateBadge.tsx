import { type ServerState, stateLabels } from "../servers/ServerState.ts"

interface StateBadgeProps {
  readonly state: ServerState
  /** Whether a change of it is said. */
  readonly isLive?: boolean
}

/** How a server is, by a sign and a word. */
export const StateBadge = ({ isLive = false, state }: StateBadgeProps) => (
  <span class={`state ${state.kind}`} role={isLive ? "status" : undefined}>
    <span class="dot" aria-hidden="true" />
    {stateLabels[state.kind]}
  </span>
)

import type { ComponentChildren } from "preact"
import { useEffect, useState } from "preact/hooks"
import { toApiError } from "../api/ApiError.ts"
import type { Server, ServerHealth } from "../api/wire.ts"
import { useApp, useServerState } from "../app/AppContext.ts"
import { useLoad } from "../app/useLoad.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Loading } from "../parts/Loading.tsx"
import { LoadFailure } from "../parts/LoadFailure.tsx"
import { Notice } from "../parts/Notice.tsx"
import { showTime } from "../parts/times.ts"

/** How a server has been, as far as the host has seen it, and the user's own sign-in. */
export const HealthTab = ({ server }: { readonly server: Server }) => {
  const { api, states } = useApp()
  const state = useServerState(server.id)
  const health = useLoad(server.id, (signal) => api.health(server.id, signal))
  const { reload } = health
  // What the host has seen has changed with it.
  useEffect(() => reload(), [state.kind, reload])
  return (
    <div class="stack">
      <div class="panel stack">
        <h2>Connection</h2>
        {health.status === "loading" && <Loading what="its health" />}
        {health.status === "failed" && (
          <LoadFailure title="Its health could not be loaded" error={health.error} onRetry={reload} />
        )}
        {health.status === "loaded" && <Facts health={health.value} />}
        <div class="actions">
          <button type="button" onClick={() => states.check(server.id)}>
            Check now
          </button>
        </div>
      </div>
      {server.mcp_server_type !== "stdio" && <SignOut server={server} />}
    </div>
  )
}

const statusLabels: Readonly<Record<ServerHealth["status"], string>> = {
  failing: "Failing",
  healthy: "Healthy",
  unknown: "Not connected to yet",
}
const eraLabels = { legacy: "MCP up to 2025-11-25", modern: "MCP 2026-07-28" }

const Facts = ({ health }: { readonly health: ServerHealth }) => (
  <dl class="facts-list">
    <Fact name="Last attempt">{statusLabels[health.status]}</Fact>
    {health.circuit !== "closed" && (
      <Fact name="Runs">
        {health.circuit === "open"
          ? "Fail at once, to leave the server alone"
          : "The next one tries the server again"}
      </Fact>
    )}
    {health.consecutive_failures > 0 && <Fact name="Failures in a row">{health.consecutive_failures}</Fact>}
    {health.failing_since !== null && <Fact name="Failing since">{showTime(health.failing_since)}</Fact>}
    {health.next_try_at !== null && <Fact name="Tried again from">{showTime(health.next_try_at)}</Fact>}
    {health.last_success_at !== null && <Fact name="Last success">{showTime(health.last_success_at)}</Fact>}
    {health.last_error !== null && (
      <Fact name="Last error">
        <ForeignText text={health.last_error.message} length={1_000} />
        <span class="hint"> {showTime(health.last_error.at)}</span>
      </Fact>
    )}
    <Fact name="Live sessions">{health.live_sessions}</Fact>
    {health.era !== null && <Fact name="Speaks">{eraLabels[health.era]}</Fact>}
  </dl>
)

const Fact = ({ children, name }: { readonly children: ComponentChildren; readonly name: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const SignOut = ({ server }: { readonly server: Server }) => {
  const { api, states } = useApp()
  const [outcome, setOutcome] = useState<{ readonly problem?: string }>()
  const [isBusy, setIsBusy] = useState(false)
  const signOut = async () => {
    setIsBusy(true)
    try {
      await api.signOut(server.id)
      setOutcome({})
      states.check(server.id)
    } catch (error) {
      setOutcome({ problem: toApiError(error).message })
    }
    setIsBusy(false)
  }
  return (
    <div class="panel stack">
      <h2>Your sign-in</h2>
      <p>
        Where you have signed in to this server, that counts for you alone. To sign out withdraws what you
        have allowed, and forgets it.
      </p>
      {outcome?.problem !== undefined && (
        <Notice tone="bad" title="You could not be signed out">
          <p>{outcome.problem}</p>
        </Notice>
      )}
      {outcome !== undefined && outcome.problem === undefined && (
        <Notice tone="good">
          <p>You are signed out.</p>
        </Notice>
      )}
      <div class="actions">
        <button
          type="button"
          aria-disabled={isBusy}
          onClick={() => {
            if (!isBusy) void signOut()
          }}
        >
          Sign out
        </button>
      </div>
    </div>
  )
}

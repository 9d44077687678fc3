import { useEffect } from "preact/hooks"
import type { Server } from "../api/wire.ts"
import { useApp, useServerState } from "../app/AppContext.ts"
import { type Route, toHash } from "../app/Route.ts"
import { type Loaded, useLoad } from "../app/useLoad.ts"
import { prepareSignInWindow } from "../connect/signInWindow.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Heading } from "../parts/Heading.tsx"
import { Loading } from "../parts/Loading.tsx"
import { LoadFailure } from "../parts/LoadFailure.tsx"
import { Notice } from "../parts/Notice.tsx"
import { showControls } from "../parts/foreignText.ts"
import { StateBadge } from "../parts/StateBadge.tsx"
import { typeLabels, whereabouts } from "../servers/describeServer.ts"
import { ToolsTab } from "../tools/ToolsTab.tsx"
import { ActivityTab } from "./ActivityTab.tsx"
import { HealthTab } from "./HealthTab.tsx"
import { SettingsTab } from "./SettingsTab.tsx"

type ServerRoute = Extract<Route, { screen: "server" }>

const tabs = [
  ["tools", "Tools"],
  ["health", "Health"],
  ["activity", "Activity"],
  ["settings", "Settings"],
] as const

/** One server: its tools, how it is, what was done with it, and its config. */
export const ServerScreen = ({ route }: { readonly route: ServerRoute }) => {
  const { api } = useApp()
  const server = useLoad(route.id, (signal) => api.getServer(route.id, signal))
  if (server.status === "loading") return <Loading what="the server" />
  if (server.status === "failed") {
    return server.error.status === 404 ? (
      <Gone />
    ) : (
      <LoadFailure title="The server could not be loaded" error={server.error} onRetry={server.reload} />
    )
  }
  return <LoadedServer route={route} server={server.value} loaded={server} />
}

interface LoadedServerProps {
  readonly route: ServerRoute
  readonly server: Server
  readonly loaded: Loaded<Server>
}

const LoadedServer = ({ loaded, route, server }: LoadedServerProps) => {
  const { states } = useApp()
  const { id } = server
  const state = useServerState(id)
  useEffect(() => states.checkOnce(id), [states, id])
  return (
    <section>
      <p class="back">
        <a href={toHash.servers}>
          <span aria-hidden="true">← </span>All servers
        </a>
      </p>
      <div class="screen-head">
        <div class="screen-title">
          <Heading windowTitle={showControls(server.server_name)}>
            <ForeignText text={server.server_name} />
          </Heading>
          <StateBadge state={state} isLive />
        </div>
        <div class="actions">
          {state.kind === "needs_sign_in" ? (
            <a class="button primary" href={toHash.connect(id)} onClick={prepareSignInWindow}>
              Sign in
            </a>
          ) : (
            <a class="button" href={toHash.connect(id)}>
              Connect
            </a>
          )}
        </div>
      </div>
      <p class="whereabouts">
        {typeLabels[server.mcp_server_type]} · <ForeignText text={whereabouts(server)} length={600} />
      </p>
      {(state.kind === "failed" || state.kind === "off") && (
        <Notice tone={state.kind === "failed" ? "bad" : "warning"}>
          <p>
            <ForeignText text={state.reason} length={1_000} />
          </p>
        </Notice>
      )}
      <nav class="tabs" aria-label="Parts of this server">
        {tabs.map(([tab, label]) => (
          <a key={tab} href={toHash.server(id, tab)} aria-current={route.tab === tab ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      {route.tab === "tools" && <ToolsTab server={server} toolId={route.toolId} />}
      {route.tab === "health" && <HealthTab server={server} />}
      {route.tab === "activity" && <ActivityTab server={server} />}
      {route.tab === "settings" && <SettingsTab server={server} onServer={loaded.replace} />}
    </section>
  )
}

const Gone = () => (
  <section class="narrow">
    <Heading>This server is not there</Heading>
    <p>It may have been removed. </p>
    <p>
      <a href={toHash.servers}>All servers</a>
    </p>
  </section>
)

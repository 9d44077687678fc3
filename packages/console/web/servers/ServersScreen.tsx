import { useEffect } from "preact/hooks"
import { useApp } from "../app/AppContext.ts"
import { toHash } from "../app/Route.ts"
import { useLoad } from "../app/useLoad.ts"
import { Heading } from "../parts/Heading.tsx"
import { Loading } from "../parts/Loading.tsx"
import { LoadFailure } from "../parts/LoadFailure.tsx"
import { ServerCard } from "./ServerCard.tsx"

/** So many servers are asked how they are when the screen is opened; the others when somebody wants to know. */
const mostChecked = 24

/** All MCP servers of the organization. */
export const ServersScreen = () => {
  const { api, states } = useApp()
  const servers = useLoad("servers", (signal) => api.listServers(signal))
  const loaded = servers.status === "loaded" ? servers.value : undefined
  useEffect(() => {
    for (const { id } of loaded?.slice(0, mostChecked) ?? []) states.checkOnce(id)
  }, [loaded, states])
  return (
    <section>
      <div class="screen-head">
        <Heading>MCP servers</Heading>
        {loaded !== undefined && loaded.length > 0 && (
          <div class="actions">
            <a class="button" href={toHash.import}>
              Import
            </a>
            <a class="button primary" href={toHash.add}>
              Add server
            </a>
          </div>
        )}
      </div>
      {servers.status === "loading" && <Loading what="the servers" />}
      {servers.status === "failed" && (
        <LoadFailure title="The servers could not be loaded" error={servers.error} onRetry={servers.reload} />
      )}
      {loaded?.length === 0 && <NoServers />}
      {loaded !== undefined && loaded.length > 0 && (
        <ul class="cards">
          {loaded.map((server) => (
            <ServerCard key={server.id} server={server} />
          ))}
        </ul>
      )}
    </section>
  )
}

const NoServers = () => (
  <div class="empty panel">
    <h2>No servers yet</h2>
    <p>
      An MCP server brings tools: to search, to read and write files, to reach another service. Add one by its
      address or its command, or take over those that another application knows.
    </p>
    <div class="actions">
      <a class="button primary" href={toHash.add}>
        Add server
      </a>
      <a class="button" href={toHash.import}>
        Import from a file
      </a>
    </div>
  </div>
)

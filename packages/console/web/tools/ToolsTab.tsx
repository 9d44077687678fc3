import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import { toApiError } from "../api/ApiError.ts"
import type { RefreshDiff, Server, Tool } from "../api/wire.ts"
import { useApp, useServerState } from "../app/AppContext.ts"
import { toHash } from "../app/Route.ts"
import { type Loaded, useLoad } from "../app/useLoad.ts"
import { Loading } from "../parts/Loading.tsx"
import { LoadFailure } from "../parts/LoadFailure.tsx"
import { stateOfError } from "../servers/ServerState.ts"
import { RefreshOutcome } from "./RefreshOutcome.tsx"
import { ToolDetail } from "./ToolDetail.tsx"
import { ToolList } from "./ToolList.tsx"
import { searchTools } from "./toolBadges.ts"

interface ToolsTabProps {
  readonly server: Server
  readonly toolId: string | undefined
}

/** The tools of a server, and the one that is looked at beside them. */
export const ToolsTab = ({ server, toolId }: ToolsTabProps) => {
  const { api } = useApp()
  const isConnected = useServerState(server.id).kind === "connected"
  const tools = useLoad(server.id, (signal) => api.listTools(server.id, signal))
  const { reload } = tools
  const wasConnected = useRef(isConnected)
  // Listed anew when it has been connected to meanwhile; what somebody is filling in stays.
  useEffect(() => {
    if (isConnected && !wasConnected.current) reload()
    wasConnected.current = isConnected
  }, [isConnected, reload])
  if (tools.status === "loading") return <Loading what="the tools" />
  if (tools.status === "failed") {
    return <LoadFailure title="The tools could not be loaded" error={tools.error} onRetry={tools.reload} />
  }
  return <Tools server={server} toolId={toolId} tools={tools.value} loaded={tools} />
}

interface ToolsProps extends ToolsTabProps {
  readonly tools: ReadonlyArray<Tool>
  readonly loaded: Loaded<ReadonlyArray<Tool>>
}

const Tools = ({ loaded, server, toolId, tools }: ToolsProps) => {
  const { api, states } = useApp()
  const [search, setSearch] = useState("")
  const [refresh, setRefresh] = useState<RefreshDiff | "under way" | { readonly problem: string }>()
  const found = useMemo(() => searchTools(tools, search), [tools, search])
  const tool = tools.find(({ id }) => id === toolId)

  const refreshTools = async () => {
    setRefresh("under way")
    try {
      const diff = await api.refresh(server.id)
      states.refreshed(server.id, diff)
      setRefresh(diff)
      loaded.reload()
    } catch (error) {
      const failure = toApiError(error)
      states.set(server.id, stateOfError(failure))
      setRefresh({ problem: failure.message })
    }
  }
  return (
    <div class={`tools ${toolId === undefined ? "" : "with-tool"}`}>
      <div class="tool-side stack">
        <div class="tool-bar">
          <label class="search">
            <span class="for-readers">Search the tools</span>
            <input
              type="search"
              placeholder={`Search ${tools.length} tool${tools.length === 1 ? "" : "s"}`}
              value={search}
              onInput={(event) => setSearch(event.currentTarget.value)}
            />
          </label>
          <button
            type="button"
            aria-disabled={refresh === "under way"}
            onClick={() => {
              if (refresh !== "under way") void refreshTools()
            }}
          >
            {refresh === "under way" ? "Refreshing …" : "Refresh"}
          </button>
        </div>
        {refresh !== undefined && refresh !== "under way" && <RefreshOutcome outcome={refresh} />}
        <p class="for-readers" role="status">
          {search === "" ? "" : `${found.length} of ${tools.length} tools`}
        </p>
        {tools.length === 0 && (
          <p class="hint">No tools are known of this server. They are listed when it is connected to.</p>
        )}
        {tools.length > 0 && found.length === 0 && <p class="hint">No tool has these words.</p>}
        <ToolList
          tools={found}
          toolId={toolId}
          changed={states.changed(server.id)}
          hrefOf={(id) => toHash.tool(server.id, id)}
        />
      </div>
      <div class="tool-main">
        {tool !== undefined && (
          <ToolDetail
            key={tool.id}
            server={server}
            tool={tool}
            isChanged={states.changed(server.id).has(tool.name)}
            onApproved={loaded.reload}
          />
        )}
        {tool === undefined && toolId !== undefined && <p class="panel">This tool is not there any more.</p>}
        {toolId === undefined && tools.length > 0 && (
          <p class="panel choose hint">Choose a tool to see what it does, and to run it.</p>
        )}
      </div>
    </div>
  )
}

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { McpServer } from "../servers/McpServer.ts"
import { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import { MemoryTables } from "../storage/MemoryTables.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { McpServerChanged } from "./McpServerChanged.ts"
import type { McpTool } from "./McpTool.ts"
import { McpToolNotFound } from "./McpToolNotFound.ts"
import type { ToolReplacement } from "./replaceTools.ts"

/**
 * Where the tools of MCP servers are kept (a port). Tools live and die with their server: the store never holds
 * tools of a server that is gone.
 */
export class ToolStore extends Context.Service<
  ToolStore,
  {
    /** In the order in which the MCP server listed them. */
    readonly list: (
      organizationId: string,
      serverId: string,
    ) => Effect.Effect<ReadonlyArray<McpTool>, McpServerNotFound | StoreError>
    readonly get: (
      organizationId: string,
      serverId: string,
      id: string,
    ) => Effect.Effect<McpTool, McpServerNotFound | McpToolNotFound | StoreError>
    /**
     * Reads a server's tools, computes what is to take their place and writes that, with nothing in between.
     * `replace` is pure and may be called more than once. It fails with `McpServerChanged` where the server is no
     * longer at the revision whose tools these are.
     */
    readonly replaceAll: (
      server: Pick<McpServer, "id" | "organizationId" | "revision">,
      replace: (current: ReadonlyArray<McpTool>) => ToolReplacement,
    ) => Effect.Effect<ToolReplacement, McpServerChanged | McpServerNotFound | StoreError>
  }
>()("@mooring/core/tools/ToolStore") {
  /** Keeps tools in this process; they are gone when it ends. */
  static readonly layerMemory = Layer.effect(
    ToolStore,
    Effect.gen(function* () {
      const tables = yield* MemoryTables

      const toolsOf = (
        organizationId: string,
        serverId: string,
      ): Effect.Effect<ReadonlyArray<McpTool>, McpServerNotFound> =>
        tables.servers.get(serverId)?.organizationId === organizationId
          ? Effect.succeed(tables.tools.get(serverId) ?? [])
          : Effect.fail(new McpServerNotFound({ id: serverId }))

      return ToolStore.of({
        list: (organizationId, serverId) => Effect.suspend(() => toolsOf(organizationId, serverId)),
        get: Effect.fnUntraced(function* (organizationId, serverId, id) {
          const tools = yield* toolsOf(organizationId, serverId)
          const tool = tools.find((candidate) => candidate.id === id)
          return tool ?? (yield* new McpToolNotFound({ id }))
        }),
        replaceAll: Effect.fnUntraced(function* (server, replace) {
          const current = yield* toolsOf(server.organizationId, server.id)
          if (tables.servers.get(server.id)?.revision !== server.revision) {
            return yield* new McpServerChanged({ id: server.id })
          }
          const replacement = replace(current)
          tables.tools.set(server.id, replacement.tools)
          return replacement
        }),
      })
    }),
  )
}

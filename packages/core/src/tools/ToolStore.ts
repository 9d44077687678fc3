import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { McpServer } from "../servers/McpServer.ts"
import { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import { MemoryTables } from "../storage/MemoryTables.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { SignalHub } from "../storage/StoreSignals.ts"
import type { ApprovedDefinitions, ToolApproval } from "./approval.ts"
import { McpServerChanged } from "./McpServerChanged.ts"
import type { McpTool } from "./McpTool.ts"
import { McpToolNotFound } from "./McpToolNotFound.ts"
import type { ToolReplacement } from "./replaceTools.ts"

/** A tool and the server that offers it: what a run needs. */
export interface OfferedTool {
  readonly server: McpServer
  readonly tool: McpTool
}

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
    /** A tool together with the server that offers it, read at one moment. */
    readonly get: (
      organizationId: string,
      serverId: string,
      id: string,
    ) => Effect.Effect<OfferedTool, McpServerNotFound | McpToolNotFound | StoreError>
    /**
     * Reads a server's tools and what is approved of them, computes what is to take their place and writes that, with
     * nothing in between.
     * `replace` is pure and may be called more than once. It fails with `McpServerChanged` where the server is no
     * longer at the revision whose tools these are.
     */
    readonly replaceAll: (
      server: Pick<McpServer, "id" | "organizationId" | "revision">,
      replace: (current: ReadonlyArray<McpTool>, approved: ApprovedDefinitions) => ToolReplacement,
    ) => Effect.Effect<ToolReplacement, McpServerChanged | McpServerNotFound | StoreError>
    /** The same for one tool, of whatever revision. Its id and its place stay. Where `change` fails nothing is written. */
    readonly modify: <E>(
      organizationId: string,
      serverId: string,
      id: string,
      change: (current: ToolApproval) => Result.Result<ToolApproval, E>,
    ) => Effect.Effect<McpTool, E | McpServerNotFound | McpToolNotFound | StoreError>
  }
>()("@mooring/core/tools/ToolStore") {
  /** Keeps tools in this process; they are gone when it ends. */
  static readonly layerMemory = Layer.effect(
    ToolStore,
    Effect.gen(function* () {
      const tables = yield* MemoryTables
      const { publish } = yield* SignalHub

      // No effect: nothing may come between what is read here and what is written on the strength of it.
      const find = (organizationId: string, serverId: string) => {
        const server = tables.servers.get(serverId)
        return server?.organizationId === organizationId
          ? Result.succeed({
              server,
              tools: tables.tools.get(serverId) ?? [],
              approved: tables.approvedTools.get(serverId) ?? null,
            })
          : Result.fail(new McpServerNotFound({ id: serverId }))
      }

      const setApproved = (serverId: string, approved: ApprovedDefinitions | undefined) => {
        if (approved === null) tables.approvedTools.delete(serverId)
        else if (approved !== undefined) tables.approvedTools.set(serverId, approved)
      }

      return ToolStore.of({
        list: (organizationId, serverId) =>
          Effect.suspend(() =>
            Effect.fromResult(Result.map(find(organizationId, serverId), ({ tools }) => tools)),
          ),
        get: Effect.fnUntraced(function* (organizationId, serverId, id) {
          const { server, tools } = yield* Effect.fromResult(find(organizationId, serverId))
          const tool = tools.find((candidate) => candidate.id === id)
          return tool === undefined ? yield* new McpToolNotFound({ id }) : { server, tool }
        }),
        replaceAll: ({ id, organizationId, revision }, replace) =>
          Effect.suspend((): Effect.Effect<ToolReplacement, McpServerChanged | McpServerNotFound> => {
            const found = find(organizationId, id)
            if (Result.isFailure(found)) return Effect.fail(found.failure)
            const { approved, server, tools } = found.success
            if (server.revision !== revision) return Effect.fail(new McpServerChanged({ id }))
            const replacement = replace(tools, approved)
            tables.tools.set(id, replacement.tools)
            setApproved(id, replacement.approved)
            return Effect.as(publish({ type: "tools_changed", serverId: id }), replacement)
          }).pipe(Effect.uninterruptible),
        modify: <E>(
          organizationId: string,
          serverId: string,
          id: string,
          change: (current: ToolApproval) => Result.Result<ToolApproval, E>,
        ) =>
          Effect.suspend((): Effect.Effect<McpTool, E | McpServerNotFound | McpToolNotFound> => {
            const found = find(organizationId, serverId)
            if (Result.isFailure(found)) return Effect.fail(found.failure)
            const { approved, tools } = found.success
            const current = tools.find((candidate) => candidate.id === id)
            if (current === undefined) return Effect.fail(new McpToolNotFound({ id }))
            const changed = change({ tool: current, approved })
            if (Result.isFailure(changed)) return Effect.fail(changed.failure)
            const { tool } = changed.success
            tables.tools.set(
              serverId,
              tools.map((other) => (other === current ? tool : other)),
            )
            setApproved(serverId, changed.success.approved)
            return Effect.as(publish({ type: "tools_changed", serverId }), tool)
          }).pipe(Effect.uninterruptible),
      })
    }),
  )
}

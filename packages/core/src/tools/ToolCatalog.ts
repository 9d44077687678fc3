import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type { Actor } from "../actors/Actor.ts"
import { Audit } from "../audit/Audit.ts"
import { toolsChanged } from "../audit/toolsChanged.ts"
import { Options } from "../Options.ts"
import { nameAttribute } from "../telemetry/attributes.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import { McpServers } from "../servers/McpServers.ts"
import type { ConnectError } from "../sessions/ConnectError.ts"
import type { RateLimited } from "../rateLimits/RateLimited.ts"
import { RateLimits } from "../rateLimits/RateLimits.ts"
import { SessionPool } from "../sessions/SessionPool.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { approveTool } from "./approval.ts"
import type { McpServerChanged } from "./McpServerChanged.ts"
import type { McpTool } from "./McpTool.ts"
import { McpToolChanged } from "./McpToolChanged.ts"
import type { McpToolNotFound } from "./McpToolNotFound.ts"
import { observeRefresh } from "./observeRefresh.ts"
import { OfferedTools } from "./OfferedTools.ts"
import { isChange, replaceTools, type ToolChanges } from "./replaceTools.ts"
import type { ToolDefinition } from "./ToolDefinition.ts"
import { type ListedTool, withFingerprints } from "./toolFingerprint.ts"
import { type OfferedTool, ToolStore } from "./ToolStore.ts"

/** The tools that registered MCP servers offer, as they were last listed. */
export class ToolCatalog extends Context.Service<
  ToolCatalog,
  {
    /** The stored tools of a server; the server itself is not asked. */
    readonly list: (
      actor: Actor,
      serverId: string,
    ) => Effect.Effect<ReadonlyArray<McpTool>, McpServerNotFound | RateLimited | StoreError>
    /** A tool with the server that offers it. */
    readonly get: (
      actor: Actor,
      serverId: string,
      toolId: string,
    ) => Effect.Effect<OfferedTool, McpServerNotFound | McpToolNotFound | RateLimited | StoreError>
    /** Asks the MCP server for its tools and stores them, telling what changed. Where that fails, nothing changes. */
    readonly refresh: (
      actor: Actor,
      serverId: string,
    ) => Effect.Effect<
      ToolChanges,
      ConnectError | McpServerChanged | McpServerNotFound | RateLimited | StoreError
    >
    /**
     * Stores what a session has listed in the name of a user. Where nothing has changed nothing is written, so that no
     * node forgets what it has at hand.
     */
    readonly replace: (
      server: Pick<McpServer, "id" | "organizationId" | "revision">,
      userId: string,
      listed: ReadonlyArray<ToolDefinition>,
    ) => Effect.Effect<ToolChanges, McpServerChanged | McpServerNotFound | StoreError>
    /**
     * Lets a tool be run whose definition came after its server's first listing. It may be done again.
     *
     * @param fingerprint of the definition that was looked at; it fails with `McpToolChanged` where that is not the
     *   stored one any more. Default: whatever is stored.
     */
    readonly approve: (
      actor: Actor,
      serverId: string,
      toolId: string,
      fingerprint?: string,
    ) => Effect.Effect<
      OfferedTool,
      McpServerNotFound | McpToolChanged | McpToolNotFound | RateLimited | StoreError
    >
    /**
     * Lists the tools of a server that was just created: it returns when they are stored, or after the option
     * `limits.createWaitMs`, when the rest goes on in the background. A server that can't be reached yet is no
     * failure; `refresh` tells why.
     */
    readonly prepare: (actor: Actor, server: McpServer) => Effect.Effect<void>
    /** The same for a server whose config was changed, without waiting. Until then its earlier tools stay listed. */
    readonly prepareInBackground: (actor: Actor, server: McpServer) => Effect.Effect<void>
  }
>()("@mooring/core/tools/ToolCatalog") {
  static readonly layer = Layer.effect(
    ToolCatalog,
    Effect.gen(function* () {
      const servers = yield* McpServers
      const sessions = yield* SessionPool
      const store = yield* ToolStore
      const offeredTools = yield* OfferedTools
      const audit = yield* Audit
      const { approveChangedTools, limits } = yield* Options
      const { limited } = yield* RateLimits
      // Work that outlives its request ends with the service.
      const scope = yield* Effect.scope

      const replaceBy = (serverId: McpServer["id"], userId: string, listed: ReadonlyArray<ListedTool>) =>
        replaceTools({ serverId, listed, userId, limits, approveChangedTools })

      const replaceAll = (
        server: Pick<McpServer, "id" | "organizationId" | "revision">,
        userId: string,
        replacing: ReturnType<typeof replaceBy>,
      ) =>
        audit.recorded(
          { organizationId: server.organizationId, userId },
          server.id,
          store.replaceAll(server, replacing),
          ({ changes }) => (isChange(changes) ? toolsChanged(changes) : undefined),
        )

      const listAndStore = Effect.fnUntraced(function* (actor: Actor, server: McpServer) {
        // It is a user who wants it, by a refresh, a connect, or a config that is new.
        const listed = yield* sessions.use(server, actor, (session) => session.listTools, {
          evenIfFailing: true,
        })
        const replacing = replaceBy(server.id, actor.userId, yield* withFingerprints(listed))
        const { changes } = yield* replaceAll(server, actor.userId, replacing).pipe(
          // This session was opened after those of the changed or removed server had been closed. Those by its
          // config of now are somebody else's, who may be opening one just then.
          Effect.tapErrorTag(["McpServerChanged", "McpServerNotFound"], () =>
            sessions.close(server.id, server.revision),
          ),
        )
        return changes
      })
      const refreshServer = (actor: Actor, server: McpServer) =>
        observeRefresh(server.id, listAndStore(actor, server))

      const replace = Effect.fnUntraced(function* (
        server: Pick<McpServer, "id" | "organizationId" | "revision">,
        userId: string,
        listed: ReadonlyArray<ToolDefinition>,
      ) {
        const replacing = replaceBy(server.id, userId, yield* withFingerprints(listed))
        const { changes } = replacing(yield* store.list(server.organizationId, server.id), null)
        if (!isChange(changes)) return changes
        return (yield* replaceAll(server, userId, replacing)).changes
      })

      const refresh = Effect.fnUntraced(
        function* (actor: Actor, serverId: string) {
          return yield* refreshServer(actor, yield* servers.get(actor, serverId))
        },
        // Listed again by the config that it has now; who changes it without end hears of it.
        Effect.retry({ times: 2, while: ({ _tag }) => _tag === "McpServerChanged" }),
      )

      const approve = Effect.fnUntraced(function* (
        actor: Actor,
        serverId: string,
        toolId: string,
        fingerprint?: string,
      ) {
        const { organizationId } = actor
        const { server, tool } = yield* store.get(organizationId, serverId, toolId)
        // Most often it is approved once: then nothing is written, and no node forgets what it has at hand.
        if (!tool.needsApproval) {
          if (fingerprint === undefined || fingerprint === tool.fingerprint) return { server, tool }
          return yield* new McpToolChanged({ name: tool.definition.name })
        }
        const approving = store.modify(organizationId, serverId, toolId, approveTool(fingerprint))
        const approved = yield* audit.recorded(actor, serverId, approving, (tool) => ({
          action: "approved",
          tool: nameAttribute(tool.definition.name),
          fingerprint: tool.fingerprint,
        }))
        return { server, tool: approved }
      })

      const listInBackground = (actor: Actor, server: McpServer) =>
        refreshServer(actor, server).pipe(
          Effect.asVoid,
          // Whatever it is, defects included: the server is stored, and that is what the caller is told.
          Effect.catchCause((cause) =>
            // A failure may hold the server's own words, and is told by the next refresh. A defect is ours.
            Cause.hasDies(cause)
              ? Effect.annotateLogs(
                  Effect.logError("The tools of an MCP server could not be listed", cause),
                  { server: server.id },
                )
              : Effect.void,
          ),
          Effect.forkIn(scope),
        )

      const prepare = Effect.fnUntraced(function* (actor: Actor, server: McpServer) {
        const listing = yield* listInBackground(actor, server)
        yield* Effect.timeoutOption(Fiber.await(listing), Duration.millis(limits.createWaitMs))
      })

      return ToolCatalog.of({
        list: limited("requests", (actor, serverId: string) => store.list(actor.organizationId, serverId)),
        get: limited("requests", (actor, serverId: string, toolId: string) =>
          offeredTools.get(actor.organizationId, serverId, toolId),
        ),
        refresh: limited("connects", refresh),
        replace,
        approve: limited("changes", approve),
        prepare,
        prepareInBackground: (actor, server) => Effect.asVoid(listInBackground(actor, server)),
      })
    }),
  )
}

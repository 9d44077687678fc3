import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { Actor } from "../actors/Actor.ts"
import { Audit } from "../audit/Audit.ts"
import { outcomeOf } from "../audit/outcomeOf.ts"
import { errorCode } from "../connect/errorCode.ts"
import { Credentials } from "../oauth/Credentials.ts"
import { credentialOwner } from "../oauth/credentialOwner.ts"
import { Options } from "../Options.ts"
import type { RateLimited } from "../rateLimits/RateLimited.ts"
import { RateLimits } from "../rateLimits/RateLimits.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import { AuthorizationRequired, type ConnectError, McpServerUnreachable } from "../sessions/ConnectError.ts"
import type { CallFollower } from "../sessions/McpSession.ts"
import { SessionPool } from "../sessions/SessionPool.ts"
import type { Challenge } from "../transport/Challenge.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { McpToolNeedsApproval } from "./McpToolNeedsApproval.ts"
import type { McpToolNotFound } from "./McpToolNotFound.ts"
import { observeRun } from "./observeRun.ts"
import type { RunEvent } from "./RunEvent.ts"
import { RunFeed } from "./RunFeed.ts"
import { failedExecution, fromCallToolResult, type ToolExecution } from "./ToolExecution.ts"
import { ToolCatalog } from "./ToolCatalog.ts"
import type { OfferedTool } from "./ToolStore.ts"

/** Why a tool was certainly not called. */
export type RunError =
  | ConnectError
  | McpServerNotFound
  | McpToolNeedsApproval
  | McpToolNotFound
  | RateLimited
  | StoreError

/** Runs tools of registered MCP servers. */
export class ToolRunner extends Context.Service<
  ToolRunner,
  {
    /**
     * Runs a tool once. It fails only where the call certainly has not reached the MCP server; past that point
     * every fault is an execution of status `error`, so that nobody repeats a call that may have had effects.
     * Interruption cancels the call at the MCP server.
     */
    readonly run: (
      actor: Actor,
      serverId: string,
      toolId: string,
      args: Readonly<Record<string, unknown>>,
    ) => Effect.Effect<ToolExecution, RunError>
    /**
     * The same before somebody's eyes. It fails where the server or the tool is not there, the tool needs approval or
     * the server can't be connected to; the run itself begins with the stream and is cancelled with it. Each sign of progress gives it
     * more time, up to `limits.runMaxMs`.
     */
    readonly follow: (
      actor: Actor,
      serverId: string,
      toolId: string,
      args: Readonly<Record<string, unknown>>,
    ) => Effect.Effect<Stream.Stream<RunEvent>, RunError>
  }
>()("@mooring/core/tools/ToolRunner") {
  static readonly layer = Layer.effect(
    ToolRunner,
    Effect.gen(function* () {
      const catalog = yield* ToolCatalog
      const sessions = yield* SessionPool
      const credentials = yield* Credentials
      const audit = yield* Audit
      const { approveChangedTools, limits } = yield* Options
      const clock = yield* Clock.Clock
      const { limited } = yield* RateLimits

      /** Nothing is asked of the store for it. */
      const recorded = <R>(
        actor: Actor,
        offered: OfferedTool,
        run: Effect.Effect<ToolExecution, RunError, R>,
      ): Effect.Effect<ToolExecution, RunError, R> =>
        Effect.onExit(run, (exit) => {
          audit.ran(actor, offered, Exit.isSuccess(exit) ? exit.value.status : outcomeOf(exit))
          return Effect.void
        })

      const getRunnable = (actor: Actor, serverId: string, toolId: string) =>
        Effect.flatMap(
          catalog.get(actor, serverId, toolId),
          (offered): Effect.Effect<OfferedTool, McpToolNeedsApproval> => {
            if (!approveChangedTools || !offered.tool.needsApproval) return Effect.succeed(offered)
            const refused = new McpToolNeedsApproval({ name: offered.tool.definition.name })
            audit.ran(actor, offered, errorCode(refused))
            return Effect.fail(refused)
          },
        )

      /** The time of a run includes that of connecting, where there is no session yet. */
      const callOnce = (
        actor: Actor,
        { server, tool }: OfferedTool,
        args: Readonly<Record<string, unknown>>,
        deadline: number,
        follower: CallFollower | undefined,
      ) =>
        sessions.use(
          server,
          actor,
          (session) =>
            session.callTool({
              tool: tool.definition,
              args,
              userId: actor.userId,
              timeoutMs: Math.max(1, deadline - clock.currentTimeMillisUnsafe()),
              follower,
            }),
          { deadline },
        )

      /** The next connect asks the user for what this tool needs, on whichever node. */
      const needsMore = Effect.fnUntraced(function* (
        actor: Actor,
        { config, name }: McpServer,
        challenge: Challenge,
      ) {
        if (config.type !== "stdio") {
          yield* credentials.want(credentialOwner(actor, config.serverUrl), challenge)
        }
        return yield* new AuthorizationRequired({ serverName: name, challenge })
      })

      const execute = (
        actor: Actor,
        offered: OfferedTool,
        args: Readonly<Record<string, unknown>>,
        deadline: number,
        follower?: CallFollower,
      ) => {
        const call = callOnce(actor, offered, args, deadline, follower)
        const { server } = offered
        // The session had died unnoticed: a new one tells whether the server is there at all.
        const run = Effect.catchTag(call, "ToolCallNotSent", () => call)
        const execution = observeRun(actor, offered, run).pipe(
          Effect.map((result) => fromCallToolResult(result, limits)),
          Effect.catchTags({
            ToolCallFailed: ({ problem }) => Effect.succeed(failedExecution(problem, limits)),
            ToolCallUnauthorized: ({ challenge }) => needsMore(actor, server, challenge),
            ToolCallNotSent: ({ problem }) =>
              Effect.fail(new McpServerUnreachable({ serverName: server.name, problem })),
          }),
        )
        return recorded(actor, offered, execution)
      }

      const run: ToolRunner["Service"]["run"] = (actor, serverId, toolId, args) =>
        Effect.suspend(() => {
          const deadline = clock.currentTimeMillisUnsafe() + limits.runTimeoutMs
          return Effect.flatMap(getRunnable(actor, serverId, toolId), (offered) =>
            execute(actor, offered, args, deadline),
          )
        })

      const follow = Effect.fnUntraced(function* (
        actor: Actor,
        serverId: string,
        toolId: string,
        args: Readonly<Record<string, unknown>>,
      ) {
        const startedAt = clock.currentTimeMillisUnsafe()
        const deadline = startedAt + limits.runTimeoutMs
        const offered = yield* getRunnable(actor, serverId, toolId)
        // Whoever asks by HTTP is told with a status why there is no session. The pool keeps it for the run.
        yield* sessions
          .use(offered.server, actor, () => Effect.void, { deadline })
          .pipe(
            Effect.onError((cause) =>
              Effect.sync(() => audit.ran(actor, offered, outcomeOf(Exit.failCause(cause)))),
            ),
          )
        return Stream.suspend(() => {
          const feed = new RunFeed(limits)
          const follower = { token: crypto.randomUUID(), feed, startedAt, limits }
          const running = execute(actor, offered, args, deadline, follower).pipe(
            Effect.match({
              onSuccess: (execution): RunEvent => ({ event: "result", ...execution }),
              onFailure: (error): RunEvent => ({
                event: "error",
                message: error.message,
                code: errorCode(error),
              }),
            }),
            Effect.map(feed.end),
          )
          return Stream.merge(feed.events, Stream.fromEffectDrain(running), { haltStrategy: "left" })
        })
      })

      return ToolRunner.of({ follow: limited("runs", follow), run: limited("runs", run) })
    }),
  )
}

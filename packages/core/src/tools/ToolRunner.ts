import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Actor } from "../actors/Actor.ts"
import { Credentials } from "../oauth/Credentials.ts"
import { resourceOf } from "../oauth/resourceOf.ts"
import { Options } from "../Options.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import {
  AuthorizationRequired,
  type ConnectError,
  McpServerTimeout,
  McpServerUnreachable,
} from "../sessions/ConnectError.ts"
import { SessionPool } from "../sessions/SessionPool.ts"
import type { Challenge } from "../transport/Challenge.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { McpTool } from "./McpTool.ts"
import type { McpToolNotFound } from "./McpToolNotFound.ts"
import { failedExecution, fromCallToolResult, type ToolExecution } from "./ToolExecution.ts"
import { ToolCatalog } from "./ToolCatalog.ts"

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
    ) => Effect.Effect<ToolExecution, ConnectError | McpServerNotFound | McpToolNotFound | StoreError>
  }
>()("@mooring/core/tools/ToolRunner") {
  static readonly layer = Layer.effect(
    ToolRunner,
    Effect.gen(function* () {
      const catalog = yield* ToolCatalog
      const sessions = yield* SessionPool
      const credentials = yield* Credentials
      const { limits } = yield* Options

      const callOnce = Effect.fnUntraced(function* (
        actor: Actor,
        server: McpServer,
        tool: McpTool,
        args: Readonly<Record<string, unknown>>,
        deadline: number,
      ) {
        const session = yield* sessions.get(server, actor).pipe(
          Effect.timeoutOrElse({
            duration: Duration.millis(Math.max(1, deadline - (yield* Clock.currentTimeMillis))),
            orElse: () =>
              Effect.fail(
                new McpServerTimeout({
                  serverName: server.name,
                  step: "connect",
                  millis: limits.runTimeoutMs,
                  diagnostics: undefined,
                }),
              ),
          }),
        )
        const timeoutMs = Math.max(1, deadline - (yield* Clock.currentTimeMillis))
        return yield* session.callTool(tool.definition, args, timeoutMs)
      }, Effect.scoped)

      /** The next connect asks the user for what this tool needs. */
      const needsMore = Effect.fnUntraced(function* (
        actor: Actor,
        { config, name }: McpServer,
        challenge: Challenge,
      ) {
        if (config.type !== "stdio") {
          yield* credentials.want({ ...actor, resource: resourceOf(config.serverUrl) }, challenge.scope ?? "")
        }
        return yield* new AuthorizationRequired({ serverName: name, challenge })
      })

      const run = Effect.fn("ToolRunner.run")(function* (
        actor: Actor,
        serverId: string,
        toolId: string,
        args: Readonly<Record<string, unknown>>,
      ) {
        const deadline = (yield* Clock.currentTimeMillis) + limits.runTimeoutMs
        const { server, tool } = yield* catalog.get(actor, serverId, toolId)
        const call = callOnce(actor, server, tool, args, deadline)
        return yield* call.pipe(
          // The session had died unnoticed: a new one tells whether the server is there at all.
          Effect.catchTag("ToolCallNotSent", () => call),
          Effect.map((result) => fromCallToolResult(result, limits)),
          Effect.catchTag("ToolCallFailed", ({ problem }) =>
            Effect.succeed(failedExecution(problem, limits)),
          ),
          Effect.catchTag("ToolCallUnauthorized", ({ challenge }) => needsMore(actor, server, challenge)),
          Effect.catchTag("ToolCallNotSent", ({ problem }) =>
            Effect.fail(new McpServerUnreachable({ serverName: server.name, problem })),
          ),
        )
      })

      return ToolRunner.of({ run })
    }),
  )
}

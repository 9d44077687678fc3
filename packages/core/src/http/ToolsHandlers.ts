import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { CurrentActor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import { McpServers } from "../servers/McpServers.ts"
import { ToolCatalog } from "../tools/ToolCatalog.ts"
import { ToolRunner } from "../tools/ToolRunner.ts"
import { answerAs } from "./answerAs.ts"
import { Api } from "./Api.ts"
import type { UnprocessableContent } from "./ApiErrors.ts"
import { decodeBody, readJson } from "./decodeBody.ts"
import { eventStream } from "./eventStream.ts"
import { prefersEventStream } from "./prefersEventStream.ts"
import { toApiError } from "./toApiError.ts"
import {
  ApproveTool,
  ExecutionAnswer,
  RunTool,
  ToolAnswer,
  toExecutionAnswer,
  toRunEventAnswer,
  toToolAnswer,
} from "./ToolWire.ts"

export const ToolsHandlers = HttpApiBuilder.group(
  Api,
  "mcp_server_tools",
  Effect.fnUntraced(function* (handlers) {
    const servers = yield* McpServers
    const catalog = yield* ToolCatalog
    const runner = yield* ToolRunner
    const options = yield* Options
    const { limits } = options

    const listTools = Effect.fnUntraced(function* (serverId: string) {
      const actor = yield* CurrentActor
      const server = yield* servers.get(actor, serverId)
      const tools = yield* catalog.list(actor, serverId)
      return toolAnswers(tools.map((tool) => toToolAnswer(tool, server, options)))
    }, Effect.mapError(toApiError))

    const retrieveTool = Effect.fnUntraced(function* (serverId: string, toolId: string) {
      const actor = yield* CurrentActor
      const { server, tool } = yield* catalog.get(actor, serverId, toolId)
      return toolAnswer(toToolAnswer(tool, server, options))
    }, Effect.mapError(toApiError))

    return handlers
      .handle("listTools", ({ params }) => listTools(params.mcp_server_id))
      .handle("retrieveTool", ({ params }) => retrieveTool(params.mcp_server_id, params.tool_id))
      .handleRaw(
        "runTool",
        Effect.fnUntraced(function* ({ params, request }) {
          const actor = yield* CurrentActor
          const { args } = yield* decodeRunTool(yield* readJson(request, limits))
          const run = [actor, params.mcp_server_id, params.tool_id, args ?? {}] as const
          if (prefersEventStream(request.headers["accept"])) {
            const events = yield* Effect.mapError(runner.follow(...run), toApiError)
            return eventStream(Stream.map(events, toRunEventAnswer))
          }
          return executionAnswer(toExecutionAnswer(yield* Effect.mapError(runner.run(...run), toApiError)))
        }),
      )
      .handleRaw(
        "approveTool",
        Effect.fnUntraced(function* ({ params, request }) {
          const actor = yield* CurrentActor
          const { fingerprint } = yield* decodeApproval(yield* readJson(request, limits))
          const { server, tool } = yield* catalog
            .approve(actor, params.mcp_server_id, params.tool_id, fingerprint ?? undefined)
            .pipe(Effect.mapError(toApiError))
          return toolAnswer(toToolAnswer(tool, server, options))
        }),
      )
  }),
)

const toolAnswer = answerAs(ToolAnswer)
const toolAnswers = answerAs(Schema.Array(ToolAnswer))
const executionAnswer = answerAs(ExecutionAnswer)

/** Of JSON, arguments can be wrong in one way only. */
const decodeRunTool = (json: unknown): Effect.Effect<typeof RunTool.Type, UnprocessableContent> =>
  isRunTool(json) ? Effect.succeed(json) : decodeRun(json)

const isRunTool = (json: unknown): json is typeof RunTool.Type =>
  Predicate.isObject(json) && "args" in json && (json["args"] === null || Predicate.isObject(json["args"]))

const decodeRun = decodeBody(RunTool)
const decodeApproval = decodeBody(ApproveTool)

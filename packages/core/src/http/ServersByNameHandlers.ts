import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { type Actor, CurrentActor } from "../actors/Actor.ts"
import { Connector, type ConnectTarget } from "../connect/Connector.ts"
import { Options } from "../Options.ts"
import type { McpServer } from "../servers/McpServer.ts"
import { McpServers } from "../servers/McpServers.ts"
import { McpToolNotFound } from "../tools/McpToolNotFound.ts"
import { ToolCatalog } from "../tools/ToolCatalog.ts"
import { ToolRunner } from "../tools/ToolRunner.ts"
import { Api } from "./Api.ts"
import { atFlatPlaces, decodeFlatServer } from "./ConnectWire.ts"
import { decodeBody, readJson } from "./decodeBody.ts"
import { decodeFlatUpdate, toFlatServerAnswer } from "./FlatServerWire.ts"
import { toMcpToolAnswer, toNamedExecutionAnswer } from "./McpToolWire.ts"
import { toApiError } from "./toApiError.ts"
import { RunTool, toToolAnswer } from "./ToolWire.ts"

export const ServersByNameHandlers = HttpApiBuilder.group(
  Api,
  "mcp_servers_by_name",
  Effect.fnUntraced(function* (handlers) {
    const servers = yield* McpServers
    const catalog = yield* ToolCatalog
    const runner = yield* ToolRunner
    const connector = yield* Connector
    const options = yield* Options
    const { limits, maskSecrets } = options
    const answer = (server: McpServer) => toFlatServerAnswer(server, maskSecrets)
    const toFlatError = (error: Parameters<typeof toApiError>[0]) => atFlatPlaces(toApiError(error))

    const list = Effect.fnUntraced(function* (actor: Actor) {
      const found = yield* servers.list(actor)
      return found.map(answer)
    })

    /** Of the transports that a URL may speak the one that answers; where none does in time, the first. */
    const chooseConfig = Effect.fnUntraced(function* (actor: Actor, { configs, name }: ConnectTarget) {
      const [first, ...others] = configs
      if (others.length === 0) return first
      const answering = Effect.gen(function* () {
        for (const config of configs) {
          const outcome = yield* Effect.result(connector.list(actor, { name, configs: [config] }))
          if (Result.isSuccess(outcome)) return config
          if (outcome.failure._tag !== "McpServerUnreachable") return first
        }
        return first
      })
      const chosen = yield* Effect.timeoutOption(answering, Duration.millis(limits.createWaitMs))
      return Option.getOrElse(chosen, () => first)
    })

    const listTools = Effect.fnUntraced(function* (actor: Actor, name: string) {
      const server = yield* servers.getByName(actor, name)
      const stored = yield* catalog.list(actor, server.id)
      if (stored.length > 0) return stored
      // Letta's client has no call to list them anew: for a server that could not be reached before, this is it.
      yield* catalog.refresh(actor, server.id)
      return yield* catalog.list(actor, server.id)
    })

    const findTool = Effect.fnUntraced(function* (actor: Actor, server: McpServer, toolName: string) {
      const stored = yield* catalog.list(actor, server.id)
      const tool = stored.find(({ definition }) => definition.name === toolName)
      return tool ?? (yield* new McpToolNotFound({ id: toolName }))
    })

    const addTool = Effect.fnUntraced(function* (actor: Actor, name: string, toolName: string) {
      const server = yield* servers.getByName(actor, name)
      const tool = yield* findTool(actor, server, toolName).pipe(
        // The server may offer it since the tools were listed last.
        Effect.catchTag("McpToolNotFound", () =>
          Effect.andThen(catalog.refresh(actor, server.id), findTool(actor, server, toolName)),
        ),
      )
      return toToolAnswer(tool, server, options)
    })

    return handlers
      .handle(
        "listByName",
        Effect.fnUntraced(function* () {
          const found = yield* Effect.mapError(list(yield* CurrentActor), toFlatError)
          return Object.fromEntries(found.map((server) => [server.server_name, server]))
        }),
      )
      .handleRaw(
        "add",
        Effect.fnUntraced(function* ({ request }) {
          const actor = yield* CurrentActor
          const target = yield* decodeFlatServer(yield* readJson(request, limits))
          const input = { name: target.name, config: yield* chooseConfig(actor, target) }
          const server = yield* Effect.mapError(servers.create(actor, input), toFlatError)
          yield* catalog.prepare(actor, server)
          return yield* Effect.mapError(list(actor), toFlatError)
        }),
      )
      .handleRaw(
        "updateByName",
        Effect.fnUntraced(function* ({ params, request }) {
          const actor = yield* CurrentActor
          const update = yield* decodeFlatUpdate(yield* readJson(request, limits))
          const server = yield* servers.getByName(actor, params.mcp_server_name).pipe(
            Effect.flatMap(({ id }) => servers.update(actor, id, update)),
            Effect.mapError(toFlatError),
          )
          if (update.config !== undefined) yield* catalog.prepareInBackground(actor, server)
          return answer(server)
        }),
      )
      .handle(
        "deleteByName",
        Effect.fnUntraced(function* ({ params }) {
          const actor = yield* CurrentActor
          return yield* servers.getByName(actor, params.mcp_server_name).pipe(
            Effect.flatMap(({ id }) => servers.remove(actor, id)),
            Effect.andThen(list(actor)),
            Effect.mapError(toFlatError),
          )
        }),
      )
      .handleRaw(
        "test",
        Effect.fnUntraced(function* ({ request }) {
          const actor = yield* CurrentActor
          const target = yield* decodeFlatServer(yield* readJson(request, limits))
          const tools = yield* Effect.mapError(connector.list(actor, target), toFlatError)
          return { status: "success" as const, tools }
        }),
      )
      .handle(
        "resync",
        Effect.fnUntraced(function* ({ params }) {
          const actor = yield* CurrentActor
          return yield* servers.getByName(actor, params.mcp_server_name).pipe(
            Effect.flatMap(({ id }) => catalog.refresh(actor, id)),
            Effect.mapError(toFlatError),
          )
        }),
      )
      .handle(
        "listToolsByName",
        Effect.fnUntraced(function* ({ params }) {
          const tools = listTools(yield* CurrentActor, params.mcp_server_name)
          return (yield* Effect.mapError(tools, toFlatError)).map(toMcpToolAnswer)
        }),
      )
      .handle(
        "addTool",
        Effect.fnUntraced(function* ({ params }) {
          const tool = addTool(yield* CurrentActor, params.mcp_server_name, params.mcp_tool_name)
          return yield* Effect.mapError(tool, toFlatError)
        }),
      )
      .handleRaw(
        "execute",
        Effect.fnUntraced(function* ({ params, request }) {
          const actor = yield* CurrentActor
          const { args } = yield* decodeRun(yield* readJson(request, limits))
          const execution = yield* servers.getByName(actor, params.mcp_server_name).pipe(
            Effect.flatMap((server) => findTool(actor, server, params.tool_name)),
            Effect.flatMap(({ id, serverId }) => runner.run(actor, serverId, id, args ?? {})),
            Effect.mapError(toFlatError),
          )
          return toNamedExecutionAnswer(execution)
        }),
      )
  }),
)

const decodeRun = decodeBody(RunTool)

import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Schema from "effect/Schema"
import { CurrentActor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import { Audit } from "../audit/Audit.ts"
import type { McpServer } from "../servers/McpServer.ts"
import { McpServers } from "../servers/McpServers.ts"
import { SessionPool } from "../sessions/SessionPool.ts"
import { ToolCatalog } from "../tools/ToolCatalog.ts"
import { Api } from "./Api.ts"
import { answerAs } from "./answerAs.ts"
import { toAuditRecordAnswer } from "./AuditWire.ts"
import { decodeBody, readJson } from "./decodeBody.ts"
import { decodeCreateServer } from "./decodeCreateServer.ts"
import { toServerHealthAnswer } from "./ServerHealthWire.ts"
import {
  fromCreateConfig,
  fromUpdateConfig,
  ServerAnswer,
  toServerAnswer,
  UpdateServer,
} from "./ServerWire.ts"
import { toApiError } from "./toApiError.ts"

export const ServersHandlers = HttpApiBuilder.group(
  Api,
  "mcp_servers",
  Effect.fnUntraced(function* (handlers) {
    const servers = yield* McpServers
    const catalog = yield* ToolCatalog
    const sessions = yield* SessionPool
    const audit = yield* Audit
    const { limits, maskSecrets } = yield* Options
    const toAnswer = (server: McpServer) => toServerAnswer(server, maskSecrets)
    const answer = (server: McpServer) => serverAnswer(toAnswer(server))

    return handlers
      .handleRaw(
        "create",
        Effect.fnUntraced(function* ({ request }) {
          const actor = yield* CurrentActor
          const body = yield* decodeCreateServer(yield* readJson(request, limits))
          const input = { name: body.server_name, config: fromCreateConfig(body.config) }
          const server = yield* Effect.mapError(servers.create(actor, input), toApiError)
          yield* catalog.prepare(actor, server)
          return answer(server)
        }),
      )
      .handle(
        "list",
        Effect.fnUntraced(function* ({ query }) {
          const found = yield* Effect.mapError(servers.list(yield* CurrentActor, query), toApiError)
          return serverAnswers(found.map(toAnswer))
        }),
      )
      .handle(
        "retrieve",
        Effect.fnUntraced(function* ({ params }) {
          return answer(
            yield* Effect.mapError(servers.get(yield* CurrentActor, params.mcp_server_id), toApiError),
          )
        }),
      )
      .handle(
        "health",
        Effect.fnUntraced(function* ({ params }) {
          const actor = yield* CurrentActor
          const server = yield* Effect.mapError(servers.get(actor, params.mcp_server_id), toApiError)
          return toServerHealthAnswer(yield* sessions.health(server, actor))
        }),
      )
      .handle(
        "audit",
        Effect.fnUntraced(function* ({ params, query }) {
          const records = audit.list(yield* CurrentActor, params.mcp_server_id, query)
          return (yield* Effect.mapError(records, toApiError)).map(toAuditRecordAnswer)
        }),
      )
      .handleRaw(
        "update",
        Effect.fnUntraced(function* ({ params, request }) {
          const actor = yield* CurrentActor
          const body = yield* decodeUpdate(yield* readJson(request, limits))
          const config = body.config === undefined ? undefined : fromUpdateConfig(body.config)
          const update = { name: body.server_name, config }
          const server = yield* Effect.mapError(
            servers.update(actor, params.mcp_server_id, update),
            toApiError,
          )
          if (config !== undefined) yield* catalog.prepareInBackground(actor, server)
          return answer(server)
        }),
      )
      .handle(
        "delete",
        Effect.fnUntraced(function* ({ params }) {
          yield* Effect.mapError(servers.remove(yield* CurrentActor, params.mcp_server_id), toApiError)
        }),
      )
      .handle(
        "signOut",
        Effect.fnUntraced(function* ({ params }) {
          yield* Effect.mapError(servers.signOut(yield* CurrentActor, params.mcp_server_id), toApiError)
        }),
      )
      .handle(
        "refresh",
        Effect.fnUntraced(function* ({ params }) {
          return yield* Effect.mapError(
            catalog.refresh(yield* CurrentActor, params.mcp_server_id),
            toApiError,
          )
        }),
      )
  }),
)

const serverAnswer = answerAs(ServerAnswer)
const serverAnswers = answerAs(Schema.Array(ServerAnswer))

const decodeUpdate = decodeBody(UpdateServer)

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ActorResolver } from "../actors/ActorResolver.ts"
import { Audit } from "../audit/Audit.ts"
import { Connector } from "../connect/Connector.ts"
import { AuthorizationCallback } from "../oauth/AuthorizationCallback.ts"
import { Options } from "../Options.ts"
import { McpServers } from "../servers/McpServers.ts"
import { SessionPool } from "../sessions/SessionPool.ts"
import { ToolCatalog } from "../tools/ToolCatalog.ts"
import { ToolRunner } from "../tools/ToolRunner.ts"
import { Authentication } from "./Authentication.ts"
import { ConnectHandlers } from "./ConnectHandlers.ts"
import { HealthHandlers } from "./HealthHandlers.ts"
import { OAuthHandlers } from "./OAuthHandlers.ts"
import { RequestValidation } from "./RequestValidation.ts"
import { ServersByNameHandlers } from "./ServersByNameHandlers.ts"
import { ServersHandlers } from "./ServersHandlers.ts"
import { ToolsHandlers } from "./ToolsHandlers.ts"

const all = Layer.mergeAll(
  ServersHandlers,
  ToolsHandlers,
  ConnectHandlers,
  ServersByNameHandlers,
  OAuthHandlers,
  HealthHandlers,
)

/**
 * What answers the routes, built with what it calls and nothing else: `HttpApiBuilder` merges all that was there when a
 * handler was built into the context of every request, an entry each.
 */
export const handlers = Layer.fromBuild((memoMap, scope) =>
  Effect.updateContext(Layer.buildWithMemoMap(all, memoMap, scope), (context: Context.Context<Called>) =>
    pickCalled(context),
  ),
)

type Called = Layer.Services<typeof all>

const pickCalled = Context.pick(
  ActorResolver,
  Audit,
  AuthorizationCallback,
  Authentication,
  Connector,
  McpServers,
  Options,
  RequestValidation,
  SessionPool,
  ToolCatalog,
  ToolRunner,
)

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { TracerDisabledWhen } from "effect/http/HttpMiddleware"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import type { ActorResolver } from "../actors/ActorResolver.ts"
import type { Audit } from "../audit/Audit.ts"
import type { Connector } from "../connect/Connector.ts"
import type { AuthorizationCallback } from "../oauth/AuthorizationCallback.ts"
import type { Options } from "../Options.ts"
import type { RateLimits } from "../rateLimits/RateLimits.ts"
import type { McpServers } from "../servers/McpServers.ts"
import type { SessionPool } from "../sessions/SessionPool.ts"
import type { ToolCatalog } from "../tools/ToolCatalog.ts"
import type { ToolRunner } from "../tools/ToolRunner.ts"
import { Api } from "./Api.ts"
import { errorBody } from "./ApiErrors.ts"
import { Authentication } from "./Authentication.ts"
import { callbackFiles } from "./callbackFiles.ts"
import { errorResponses } from "./errorResponses.ts"
import { handlers } from "./handlers.ts"
import { HostRequest } from "./HostRequest.ts"
import { incomingTrace } from "./incomingTrace.ts"
import { openApiRoute } from "./openApiRoute.ts"
import { ownRequests } from "./ownRequests.ts"
import { RequestValidation } from "./RequestValidation.ts"

/** The services that the routes call. */
export type HandlerServices =
  | ActorResolver
  | Audit
  | AuthorizationCallback
  | Connector
  | McpServers
  | Options
  | RateLimits
  | SessionPool
  | ToolCatalog
  | ToolRunner

/** The routes of the REST API, for an `HttpRouter` of one's own. */
export const routes = Layer.mergeAll(
  HttpApiBuilder.layer(Api),
  openApiRoute,
  callbackFiles,
  ownRequests,
  errorResponses,
  incomingTrace,
).pipe(Layer.provide(handlers), Layer.provide([Authentication.layer, RequestValidation.layer]))

/** The REST API as one web-standard function. */
export interface WebHandler {
  /**
   * Answers a request. It always resolves; aborting the request's signal interrupts the work behind it.
   *
   * @param hostRequest the host's own request, handed to its actor resolver.
   */
  readonly fetch: (request: Request, hostRequest?: unknown) => Promise<Response>
  /** Whether a path, as seen below the mount point, is one of this API's. */
  readonly handles: (pathname: string) => boolean
  readonly dispose: () => Promise<void>
}

/** Builds the handler over the given services. */
export const makeWebHandler = <E>(
  services: Layer.Layer<HandlerServices, E>,
  options: {
    /** Layers that were built with it are shared. */
    readonly memoMap?: Layer.MemoMap | undefined
    /** Effect's references for the requests, such as `References.MinimumLogLevel`. */
    readonly references?: Context.Context<never> | undefined
    /** Such as an exporter of OpenTelemetry's: what it sets up counts for the requests too. */
    readonly telemetry?: Layer.Layer<never, Error> | undefined
  } = {},
): WebHandler => {
  const { memoMap, telemetry = Layer.empty } = options
  const references = options.references ?? Context.empty()
  const { dispose, handler } = HttpRouter.toWebHandler(
    routes.pipe(
      Layer.provide(services),
      Layer.provide(HttpServer.layerServices),
      Layer.provideMerge(telemetry),
      // Merged here once: whatever is given with a request is added to its context each time.
      Layer.provideMerge(Layer.succeedContext(Context.add(references, TracerDisabledWhen, () => true))),
    ),
    {
      routerConfig: {
        ignoreTrailingSlash: true,
        caseSensitive: true,
        ignoreDuplicateSlashes: false,
        // Names stand in paths, and those of tools are of any length: what Node lets through is not too long.
        maxParamLength: 16_384,
      },
      disableLogger: true,
      memoMap,
    },
  )
  return {
    fetch: (request, hostRequest) =>
      // It rejects only where the services could not be set up.
      handler(request, Context.make(HostRequest, hostRequest)).catch(async (cause: unknown) => {
        await Effect.runPromiseWith(references)(Effect.logError("Mooring could not be set up", cause))
        return notSetUp()
      }),
    handles,
    dispose,
  }
}

const notSetUp = () =>
  Response.json(errorBody("Mooring could not be set up. The host's log has the details.", "not_set_up"), {
    status: 503,
    headers: { "retry-after": "1" },
  })

const roots = ["/v1/mcp-servers", "/v1/tools/mcp", "/v1/health", "/openapi.json"]

/** Whether a path is one of the API's, or lies where the API's are. */
export const handles = (pathname: string): boolean =>
  roots.some((root) => pathname === root || pathname.startsWith(`${root}/`))

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Actor } from "../actors/Actor.ts"
import { Audit } from "../audit/Audit.ts"
import { outcomeOf } from "../audit/outcomeOf.ts"
import { AuthorizationFlow } from "../oauth/AuthorizationFlow.ts"
import { Credentials } from "../oauth/Credentials.ts"
import { Options } from "../Options.ts"
import type { RateLimited } from "../rateLimits/RateLimited.ts"
import { Counted, RateLimits } from "../rateLimits/RateLimits.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import { type ConfigRefused, McpServers } from "../servers/McpServers.ts"
import { newMcpServer } from "../servers/newMcpServer.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { ConnectError } from "../sessions/ConnectError.ts"
import { SessionPool } from "../sessions/SessionPool.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { ToolCatalog } from "../tools/ToolCatalog.ts"
import type { ToolDefinition } from "../tools/ToolDefinition.ts"
import type { ConnectEvent } from "./ConnectEvent.ts"
import { errorCode, type ServiceError } from "./errorCode.ts"
import { observeConnect } from "./observeConnect.ts"
import { makeConnectPlaces } from "./connectPlaces.ts"
import { makeSigningIn, type SigningIn } from "./signingIn.ts"
import type { TooManyConnects } from "./TooManyConnects.ts"

/** Something to connect to that need not be registered. */
export interface ConnectTarget {
  readonly name: string
  /** Tried one after the other, as long as what answers speaks another transport. */
  readonly configs: readonly [ServerConfig, ...Array<ServerConfig>]
}

/** Connects to MCP servers before somebody's eyes. */
export class Connector extends Context.Service<
  Connector,
  {
    /** Tries a config without registering it. What the attempt holds is released at its end, or when nobody listens any more. */
    readonly connect: (
      actor: Actor,
      target: ConnectTarget,
    ) => Effect.Effect<Stream.Stream<ConnectEvent>, RateLimited | StoreError | TooManyConnects>
    /** The same without anybody's eyes: the tools, or the error. Nobody can be sent anywhere to sign in. */
    readonly list: (
      actor: Actor,
      target: ConnectTarget,
    ) => Effect.Effect<
      ReadonlyArray<ToolDefinition>,
      ConfigRefused | ConnectError | RateLimited | StoreError | TooManyConnects
    >
    /** Connects to a registered server, and stores the tools that it lists. */
    readonly connectServer: (
      actor: Actor,
      serverId: string,
    ) => Effect.Effect<
      Stream.Stream<ConnectEvent>,
      McpServerNotFound | RateLimited | StoreError | TooManyConnects
    >
  }
>()("@mooring/core/connect/Connector") {
  static readonly layer = Layer.effect(
    Connector,
    Effect.gen(function* () {
      const servers = yield* McpServers
      const catalog = yield* ToolCatalog
      const sessions = yield* SessionPool
      const audit = yield* Audit

      const { limits, oauth } = yield* Options
      const { limited } = yield* RateLimits
      const places = makeConnectPlaces(limits.connectsPerActor)
      const signIns = makeSigningIn(yield* AuthorizationFlow, yield* Credentials, oauth.grants)

      const listOnce = Effect.fnUntraced(function* (actor: Actor, name: string, config: ServerConfig) {
        yield* servers.check(config)
        const server = yield* newMcpServer(actor, { name, config })
        return yield* sessions
          .use(server, actor, (session) => session.listTools, { isRegistered: false })
          .pipe(Effect.ensuring(sessions.close(server.id)))
      })

      const listUnregistered = (actor: Actor, { configs: [first, ...others], name }: ConnectTarget) =>
        others.reduce(
          (attempt, config) =>
            attempt.pipe(
              Effect.catchIf(
                (error) => error._tag === "McpServerUnreachable" && speaksAnother(error.status),
                () => listOnce(actor, name, config),
              ),
            ),
          listOnce(actor, name, first),
        )

      const listRegistered = Effect.fnUntraced(function* (actor: Actor, serverId: string) {
        yield* catalog.refresh(actor, serverId)
        const tools = yield* catalog.list(actor, serverId)
        return tools.map(({ definition }) => definition)
      })

      /** The attempt has a place of its user's while somebody follows it, and is counted by now. */
      const followed = Effect.fnUntraced(function* (
        actor: Actor,
        { config, id, name }: { name: string; config: ServerConfig; id?: string },
        list: Listing,
      ) {
        yield* places.check(actor)
        const counted = yield* Counted
        const signingIn = signIns(actor, name, config)
        const listing = (emit: Parameters<SigningIn>[0]) => {
          const observed = observeConnect(actor, config, id, signingIn(emit, list))
          if (id === undefined) return observed
          return Effect.onExit(observed, (exit) =>
            Effect.sync(() => audit.note(actor, id, { action: "connected", outcome: outcomeOf(exit) })),
          )
        }
        const events = attempt(name, (emit) => Effect.andThen(places.take(actor), listing(emit)))
        return counted === undefined ? events : Stream.provideService(events, Counted, counted)
      })

      const connectServer = Effect.fnUntraced(function* (actor: Actor, serverId: string) {
        const server = yield* servers.get(actor, serverId)
        return yield* followed(actor, server, listRegistered(actor, server.id))
      })

      return Connector.of({
        list: limited("connects", (actor, target: ConnectTarget) =>
          Effect.scoped(Effect.andThen(places.take(actor), listUnregistered(actor, target))),
        ),
        connect: limited("connects", (actor, target: ConnectTarget) =>
          followed(actor, { name: target.name, config: target.configs[0] }, listUnregistered(actor, target)),
        ),
        connectServer: limited("connects", connectServer),
      })
    }),
  )
}

type Tools = ReadonlyArray<ToolDefinition>
type Listing = Effect.Effect<Tools, ServiceError>

/** The events of an attempt: what leads to the tools, or to an error. */
const attempt = (
  name: string,
  connecting: (emit: Parameters<SigningIn>[0]) => Effect.Effect<Tools, ServiceError, Scope.Scope>,
): Stream.Stream<ConnectEvent> =>
  Stream.callback<ConnectEvent>(
    Effect.fnUntraced(function* (queue) {
      const emit = (event: ConnectEvent) => Queue.offer(queue, event)
      yield* emit({ event: "connection_attempt", server_name: name })
      yield* Effect.scoped(connecting(emit)).pipe(
        Effect.match({
          onSuccess: (tools): ConnectEvent => ({ event: "success", tools }),
          onFailure: (error): ConnectEvent => ({
            event: "error",
            message: error.message,
            code: errorCode(error),
          }),
        }),
        Effect.flatMap(emit),
      )
      yield* Queue.end(queue)
    }),
  )

/**
 * What a server of HTTP with server-sent events may answer to a POST (MCP 2025-11-25, basic/transports, backwards
 * compatibility).
 */
const speaksAnother = (status: number | undefined): boolean =>
  status === 400 || status === 404 || status === 405

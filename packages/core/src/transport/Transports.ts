import {
  type SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { Options } from "../Options.ts"
import { Egress } from "../security/egress/Egress.ts"
import { type StdioForbidden, StdioPolicy } from "../security/StdioPolicy.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import { sseTransport } from "./sse.ts"
import type { Challenge } from "./Challenge.ts"
import { ObservedFetch } from "./ObservedFetch.ts"
import { signingFetch } from "./signingFetch.ts"
import { StdioTransport } from "./stdio/StdioTransport.ts"
import { streamableHttpTransport } from "./streamableHttp.ts"
import { toAuthProvider, type TransportAuthorization } from "./TransportAuthorization.ts"

/** A transport that has not been started, and what is known about the other side when something fails. */
export interface UnstartedTransport {
  readonly transport: Transport
  /** Ends it, as the end of its scope does, and waits until it is gone. Only the first time does anything. */
  readonly end: Effect.Effect<void>
  /** What the other side last said of itself beside the protocol: how a command ended, and its standard error. */
  readonly diagnostics: () => string | undefined
  /** What the last failed request over the network failed with: some errors of the MCP client do not keep it. */
  readonly lastFailure: () => unknown
  /** What the other side last said about how to be let in. */
  readonly challenge: () => Challenge | undefined
}

/** Makes the transport to an MCP server (a port): by its config over the network, or in this process in tests. */
export class Transports extends Context.Service<
  Transports,
  {
    /**
     * A new transport each time; it is closed with the scope at the latest.
     *
     * @param authorization proves for whom it speaks, where that is not in the config.
     */
    readonly make: (
      config: ServerConfig,
      authorization?: TransportAuthorization,
    ) => Effect.Effect<UnstartedTransport, StdioForbidden, Scope.Scope>
  }
>()("@mooring/core/transport/Transports") {
  /** Commands by stdio as the policy allows, URLs through the guarded fetch. */
  static readonly layer = Layer.effect(
    Transports,
    Effect.gen(function* () {
      const egress = yield* Egress
      const stdioPolicy = yield* StdioPolicy
      const { limits } = yield* Options

      return Transports.of({
        make: Effect.fnUntraced(function* (config, authorization) {
          if (config.type === "stdio") {
            yield* stdioPolicy.check(config)
            const transport = new StdioTransport(config, limits)
            const end = yield* endWithScope(Effect.promise(() => transport.close()))
            return {
              transport,
              end,
              diagnostics: () => transport.diagnostics(),
              lastFailure: () => undefined,
              challenge: () => undefined,
            }
          }
          const observed = new ObservedFetch(egress.fetch)
          const { fetch } = observed
          const options = {
            fetch: authorization?.dpop === undefined ? fetch : signingFetch(fetch, authorization),
            ...(authorization === undefined ? {} : { authProvider: toAuthProvider(authorization) }),
          }
          const transport =
            config.type === "sse"
              ? sseTransport(config, options)
              : streamableHttpTransport(
                  config,
                  options,
                  authorization?.dpop === undefined
                    ? { send: egress.sender(new URL(config.serverUrl)), observed, ...authorization }
                    : undefined,
                )
          const end = yield* endWithScope(endRemote(transport))
          return new RemoteTransport(transport, end, observed)
        }),
      })
    }),
  )

  /**
   * MCP servers in this process, by the URL under which they are registered, for tests without sockets.
   *
   * @param servers gives the client's end of a new pair of linked transports, its other end connected to a server.
   */
  static readonly layerMemory = (servers: Readonly<Record<string, () => Transport | Promise<Transport>>>) =>
    Layer.succeed(
      Transports,
      Transports.of({
        make: Effect.fnUntraced(function* (config) {
          const connect = config.type === "stdio" ? undefined : servers[config.serverUrl]
          if (connect === undefined)
            return yield* Effect.die(new Error("No server in memory has this config."))
          const transport = yield* Effect.promise(async () => connect())
          const end = yield* endWithScope(Effect.promise(() => transport.close()))
          return {
            transport,
            end,
            diagnostics: () => undefined,
            lastFailure: () => undefined,
            challenge: () => undefined,
          }
        }),
      }),
    )
}

class RemoteTransport implements UnstartedTransport {
  readonly transport: Transport
  readonly end: Effect.Effect<void>
  readonly #observed: ObservedFetch

  constructor(transport: Transport, end: Effect.Effect<void>, observed: ObservedFetch) {
    this.transport = transport
    this.end = end
    this.#observed = observed
  }

  diagnostics(): undefined {
    return undefined
  }

  lastFailure(): unknown {
    return this.#observed.lastFailure()
  }

  challenge(): Challenge | undefined {
    return this.#observed.challenge()
  }
}

/** Added to the scope itself: `Effect.addFinalizer` would keep the whole context with it. */
const endWithScope = (end: Effect.Effect<void>) =>
  Effect.cached(Effect.uninterruptible(end)).pipe(
    Effect.tap((once) => Effect.flatMap(Effect.scope, (scope) => Scope.addFinalizer(scope, once))),
  )

/**
 * A server that gave us a session is told when it is over, as the specification asks and the client does not by
 * itself (MCP 2025-11-25, basic/transports, session management).
 */
const endRemote = (transport: StreamableHTTPClientTransport | SSEClientTransport) =>
  Effect.gen(function* () {
    if (transport instanceof StreamableHTTPClientTransport && transport.sessionId !== undefined) {
      // A courtesy: that the server is gone, slow or does not know of it must not hold up the closing.
      yield* Effect.tryPromise(() => transport.terminateSession()).pipe(
        Effect.timeout("1 second"),
        Effect.ignore,
      )
    }
    yield* Effect.promise(() => transport.close())
  })

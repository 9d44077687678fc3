import type { Transport } from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Options } from "../Options.ts"
import { Egress } from "../security/egress/Egress.ts"
import { type StdioForbidden, StdioPolicy } from "../security/StdioPolicy.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import { sseTransport } from "./sse.ts"
import { StdioTransport } from "./stdio/StdioTransport.ts"
import { streamableHttpTransport } from "./streamableHttp.ts"

/** A transport that has not been started, and what is known about the other side when something fails. */
export interface UnstartedTransport {
  readonly transport: Transport
  /** What the other side last said of itself beside the protocol: how a command ended, and its standard error. */
  readonly diagnostics: () => string | undefined
  /** What the last failed request over the network failed with: some errors of the MCP client do not keep it. */
  readonly lastFailure: () => unknown
}

/** Makes the transport to an MCP server (a port): by its config over the network, or in this process in tests. */
export class Transports extends Context.Service<
  Transports,
  {
    /** A new transport each time; it is closed with the scope at the latest. */
    readonly make: (config: ServerConfig) => Effect.Effect<UnstartedTransport, StdioForbidden, Scope.Scope>
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
        make: Effect.fnUntraced(function* (config) {
          if (config.type === "stdio") {
            yield* stdioPolicy.check(config)
            const transport = yield* Effect.acquireRelease(
              Effect.sync(() => new StdioTransport(config, limits)),
              (made) => Effect.promise(() => made.close()),
            )
            return { transport, diagnostics: () => transport.diagnostics(), lastFailure: () => undefined }
          }
          const { fetch, lastFailure } = rememberFailure(egress.fetch)
          const transport =
            config.type === "sse"
              ? yield* sseTransport(config, fetch)
              : yield* streamableHttpTransport(config, fetch)
          return { transport, diagnostics: () => undefined, lastFailure }
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
          const transport = yield* Effect.acquireRelease(
            Effect.promise(async () => connect()),
            (made) => Effect.promise(() => made.close()),
          )
          return { transport, diagnostics: () => undefined, lastFailure: () => undefined }
        }),
      }),
    )
}

const rememberFailure = (fetch: Egress["Service"]["fetch"]) => {
  let failure: unknown
  return {
    fetch: (input: string | URL | Request, init?: RequestInit) =>
      fetch(input, init).catch((error: unknown) => {
        failure = error
        throw error
      }),
    lastFailure: () => failure,
  }
}

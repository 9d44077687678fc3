import { Client, type PriorDiscovery, ProtocolError } from "@modelcontextprotocol/client"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { Transports } from "../transport/Transports.ts"
import { version } from "../version.ts"
import { McpServerTimeout } from "./ConnectError.ts"
import { causes, connectFailure, isClientTimeout } from "./connectFailure.ts"
import type { EraVerdicts } from "./EraVerdicts.ts"

/** What to connect to. */
export interface SessionTarget {
  readonly name: string
  /** With its variables filled in. */
  readonly config: ServerConfig
  /** Names the server and the authorization context for which a verdict on its era counts. */
  readonly key: string
}

/** A client that has shaken hands, and what the calls on it need to know. */
export interface Connection {
  readonly client: Client
  readonly diagnostics: () => string | undefined
  readonly lastFailure: () => unknown
  readonly isOpen: () => boolean
  /** Lets no new call use this connection. */
  readonly abandon: () => void
}

type Handshake = { readonly prior: PriorDiscovery } | { readonly mode: "legacy" | "auto" }

class HandshakeFailed extends Data.TaggedError("HandshakeFailed")<{
  /** From the outermost error to the innermost. */
  readonly chain: ReadonlyArray<unknown>
  readonly diagnostics: string | undefined
}> {}

/** Connects by the era that the server is known to speak, or finds that out. The connection ends with the scope. */
export const connect = Effect.fnUntraced(function* (
  transports: Transports["Service"],
  verdicts: EraVerdicts,
  target: SessionTarget,
  timeoutMs: number,
) {
  const timeout = new McpServerTimeout({
    serverName: target.name,
    step: "connect",
    millis: timeoutMs,
    diagnostics: undefined,
  })
  const attempt = (handshake: Handshake) => shakeHands(transports, target.config, handshake, timeoutMs)

  const prior = yield* verdicts.get(target.key)
  const connection = yield* (
    prior !== undefined
      ? attempt({ prior }).pipe(Effect.tapError(() => verdicts.forget(target.key)))
      : target.config.type === "stdio"
        ? // To probe a command for its era would take a process of its own. Most commands know `initialize`; one
          // that refuses it is asked again in a way that the modern ones understand.
          attempt({ mode: "legacy" }).pipe(Effect.catchIf(isRefusal, () => attempt({ mode: "auto" })))
        : attempt({ mode: "auto" })
  ).pipe(
    Effect.timeoutOrElse({ duration: Duration.millis(timeoutMs), orElse: () => Effect.fail(timeout) }),
    Effect.catchTag("HandshakeFailed", ({ chain, diagnostics }) =>
      Effect.fail(isClientTimeout(chain) ? timeout : connectFailure(target, chain, diagnostics)),
    ),
  )

  const discover = connection.client.getDiscoverResult()
  yield* verdicts.set(target.key, discover === undefined ? { kind: "legacy" } : { kind: "modern", discover })
  return connection
})

const isRefusal = (error: { readonly _tag: string }): error is HandshakeFailed =>
  error instanceof HandshakeFailed && error.chain.some((cause) => cause instanceof ProtocolError)

const shakeHands = Effect.fnUntraced(function* (
  transports: Transports["Service"],
  config: ServerConfig,
  handshake: Handshake,
  timeoutMs: number,
) {
  const { diagnostics, lastFailure, transport } = yield* transports.make(config)
  const client = new Client(
    { name: "mooring", version },
    "mode" in handshake ? { versionNegotiation: { mode: handshake.mode } } : {},
  )
  let open = true
  const abandon = () => {
    open = false
  }
  client.onclose = abandon

  yield* Effect.tryPromise({
    try: (signal) =>
      client.connect(transport, {
        signal,
        timeout: timeoutMs,
        ...("prior" in handshake ? { prior: handshake.prior } : {}),
      }),
    catch: (cause) => cause,
  }).pipe(
    Effect.catch((cause) =>
      // Closed before the diagnostics are read: a command may have more to say while it ends.
      Effect.promise(() => transport.close()).pipe(
        Effect.andThen(
          Effect.suspend(() =>
            Effect.fail(
              new HandshakeFailed({
                chain: [...causes(cause), ...causes(lastFailure())],
                diagnostics: diagnostics(),
              }),
            ),
          ),
        ),
      ),
    ),
  )
  const connection: Connection = { client, diagnostics, lastFailure, isOpen: () => open, abandon }
  return connection
})

import { Client, type PriorDiscovery, ProtocolError, type Result } from "@modelcontextprotocol/client"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type { Actor } from "../actors/Actor.ts"
import type { ServerRequests } from "../serverRequests/ServerRequests.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import type { Transports, UnstartedTransport } from "../transport/Transports.ts"
import type { Challenge } from "../transport/Challenge.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"
import { version } from "../version.ts"
import { causes } from "../causes.ts"
import { canSignIn } from "./canSignIn.ts"
import { McpServerTimeout } from "./ConnectError.ts"
import { connectFailure, isClientTimeout } from "./connectFailure.ts"
import type { EraVerdicts } from "./EraVerdicts.ts"
import { ToolRequests } from "./ToolRequests.ts"
import { withResultType } from "./withResultType.ts"

const clientInfo = { name: "mooring", version }

/** What to connect to, and for whom. */
export interface SessionTarget {
  readonly serverId: string
  readonly name: string
  /** Who is asked what the server wants to know. */
  readonly actor: Pick<Actor, "organizationId" | "userId">
  /** With its variables filled in. */
  readonly config: ServerConfig
  /** Names the server and the authorization context for which a verdict on its era counts. */
  readonly key: string
  /** Proves for whom the session speaks, where somebody has signed in. */
  readonly authorization: TransportAuthorization | undefined
}

/** What whoever has a session opened is told of it. */
export interface SessionObserver {
  /** The server has answered over it. */
  readonly proven: () => void
  /** The server says that it offers other tools than before. It may say so ten thousand times a second. */
  readonly toolsChanged: () => void
  /** It is gone, by whomever's doing. */
  readonly closed: (diagnostics: string | undefined) => void
}

/** A client that has shaken hands, and what the calls on it need to know. */
export interface Connection {
  readonly client: Client
  /** What we ask of the server beside the client. */
  readonly toolRequests: ToolRequests
  readonly requests: ServerRequests
  readonly diagnostics: () => string | undefined
  readonly lastFailure: () => unknown
  readonly challenge: () => Challenge | undefined
  /** Whether its user could sign in to the server, be it anew for more. */
  readonly canSignIn: boolean
  /** Whether the server knows this connection by a session id, as streamable HTTP has it up to 2025-11-25. */
  readonly hasSessionId: () => boolean
  /** Whether each request stands for itself (2026-07-28): a server that was replaced shows in any of its answers. */
  readonly isModern: () => boolean
  readonly isOpen: () => boolean
  /** Something came back over it: what is believed of the server's era is right. */
  readonly succeeded: () => void
  /** A request failed, in whatever way. Where nothing has succeeded yet, what is believed of the server may be wrong. */
  readonly failed: () => void
  /** Lets no new call use this connection, and makes the next one meet the server anew. */
  readonly abandon: () => void
}

type Handshake = { readonly prior: PriorDiscovery } | { readonly mode: "legacy" | "auto" }

class HandshakeFailed extends Data.TaggedError("HandshakeFailed")<{
  /** From the outermost error to the innermost. */
  readonly chain: ReadonlyArray<unknown>
  readonly diagnostics: string | undefined
  readonly challenge: Challenge | undefined
}> {}

/** Connects by the era that the server is known to speak, or finds that out. The connection ends with the scope. */
export const connect = Effect.fnUntraced(function* (
  transports: Transports["Service"],
  verdicts: EraVerdicts,
  requests: ServerRequests,
  target: SessionTarget,
  timeoutMs: number,
  observer: SessionObserver,
) {
  let latest: UnstartedTransport | undefined
  const attempt = Effect.fnUntraced(function* (handshake: Handshake) {
    latest = yield* transports.make(target.config, target.authorization)
    return yield* shakeHands(latest, verdicts, requests, target, handshake, timeoutMs, observer)
  })
  const timeout = () =>
    new McpServerTimeout({
      serverName: target.name,
      step: "connect",
      millis: timeoutMs,
      diagnostics: latest?.diagnostics(),
    })

  const prior = yield* verdicts.get(target.key)
  const connection = yield* (
    prior !== undefined
      ? attempt({ prior }).pipe(Effect.tapError(() => Effect.sync(() => verdicts.forget(target.key))))
      : target.config.type === "stdio"
        ? // To probe a command for its era would take a process of its own. Most commands know `initialize`; one
          // that refuses it is asked again in a way that the modern ones understand.
          attempt({ mode: "legacy" }).pipe(Effect.catchIf(isRefusal, () => attempt({ mode: "auto" })))
        : attempt({ mode: "auto" })
  ).pipe(
    Effect.timeoutOrElse({ duration: Duration.millis(timeoutMs), orElse: () => Effect.fail(timeout()) }),
    Effect.catchTag("HandshakeFailed", ({ chain, challenge, diagnostics }) =>
      Effect.fail(isClientTimeout(chain) ? timeout() : connectFailure(target, chain, diagnostics, challenge)),
    ),
  )

  const discover = connection.client.getDiscoverResult()
  yield* verdicts.set(target.key, discover === undefined ? { kind: "legacy" } : { kind: "modern", discover })
  return connection
})

const isRefusal = (error: { readonly _tag: string }): error is HandshakeFailed =>
  error instanceof HandshakeFailed && error.chain.some((cause) => cause instanceof ProtocolError)

const shakeHands = Effect.fnUntraced(function* (
  { challenge, diagnostics, end, lastFailure, transport }: UnstartedTransport,
  verdicts: EraVerdicts,
  requests: ServerRequests,
  target: SessionTarget,
  handshake: Handshake,
  timeoutMs: number,
  observer: SessionObserver,
) {
  const { capabilities } = requests
  const client = new Client(clientInfo, {
    ...("mode" in handshake ? { versionNegotiation: { mode: handshake.mode } } : {}),
    capabilities,
    // The client would not tell whose call it is that asks for input: {@link callTool} makes the rounds.
    inputRequired: { autoFulfill: false },
  })
  const toolRequests = new ToolRequests(client, clientInfo, capabilities)
  let open = true
  // A modern verdict is adopted without asking the server: only its first answer proves that it still holds.
  let proven = !("prior" in handshake)
  const abandon = () => {
    open = false
    verdicts.forget(target.key)
  }
  client.onclose = () => {
    open = false
    toolRequests.end()
    observer.closed(diagnostics())
  }
  const hangUp = Effect.suspend(() => {
    abandon()
    return end
  })
  const run = yield* FiberSet.makeRuntimePromise<never, Result, ProtocolError>()
  // All that a server may ask goes one way, also what it was not told that it may.
  client.fallbackRequestHandler = (request, { mcpReq }) => {
    const answer = requests.answer(request)
    return run(requests.isFlooding() ? Effect.andThen(hangUp, answer) : answer, { signal: mcpReq.signal })
  }

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
      end.pipe(
        Effect.andThen(
          Effect.suspend(() =>
            Effect.fail(
              new HandshakeFailed({
                chain: [...causes(cause), ...causes(lastFailure())],
                diagnostics: diagnostics(),
                challenge: challenge(),
              }),
            ),
          ),
        ),
      ),
    ),
  )
  if (proven) observer.proven()
  const isModern = () => client.getProtocolEra() === "modern"
  const { onmessage } = transport
  if (isModern()) transport.onmessage = (message, extra) => onmessage?.(withResultType(message), extra)

  const connection: Connection = {
    client,
    toolRequests,
    requests,
    diagnostics,
    lastFailure,
    challenge,
    canSignIn: canSignIn(target),
    isModern,
    hasSessionId: () => transport.sessionId !== undefined,
    isOpen: () => open,
    succeeded: () => {
      if (proven) return
      proven = true
      observer.proven()
    },
    failed: () => {
      if (!proven) abandon()
    },
    abandon,
  }
  return connection
})

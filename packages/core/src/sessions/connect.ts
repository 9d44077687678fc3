import { Client, type PriorDiscovery, ProtocolError, type Result } from "@modelcontextprotocol/client"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ServerRequests } from "../serverRequests/ServerRequests.ts"
import type { Transports, UnstartedTransport } from "../transport/Transports.ts"
import type { Challenge } from "../transport/Challenge.ts"
import { version } from "../version.ts"
import { causes } from "../causes.ts"
import { McpServerTimeout } from "./ConnectError.ts"
import { connectFailure, isClientTimeout } from "./connectFailure.ts"
import { Connection } from "./Connection.ts"
import type { EraVerdicts } from "./EraVerdicts.ts"
import { ToolRequests } from "./ToolRequests.ts"
import type { SessionObserver } from "./SessionObserver.ts"
import type { SessionTarget } from "./SessionTarget.ts"
import { withResultType } from "./withResultType.ts"

const clientInfo = { name: "mooring", version }

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
  unstarted: UnstartedTransport,
  verdicts: EraVerdicts,
  requests: ServerRequests,
  target: SessionTarget,
  handshake: Handshake,
  timeoutMs: number,
  observer: SessionObserver,
) {
  const { end, transport } = unstarted
  const { capabilities } = requests
  const client = new Client(clientInfo, {
    ...("mode" in handshake ? { versionNegotiation: { mode: handshake.mode } } : {}),
    capabilities,
    // The client would not tell whose call it is that asks for input: {@link callTool} makes the rounds.
    inputRequired: { autoFulfill: false },
  })
  const connection = new Connection({
    client,
    toolRequests: new ToolRequests(client, clientInfo, capabilities),
    requests,
    transport: unstarted,
    target,
    verdicts,
    observer,
    // A modern verdict is adopted without asking the server: only its first answer proves that it still holds.
    isProven: !("prior" in handshake),
  })
  client.onclose = () => connection.closed()
  const run = Effect.runPromiseWith(yield* Effect.context<never>())
  // All that a server may ask goes one way, also what it was not told that it may. The client aborts the signals of what
  // is not answered yet when the connection is closed.
  client.fallbackRequestHandler = (request, { mcpReq }): Promise<Result> => {
    const answer = requests.answer(request)
    const hangUp = Effect.suspend(() => {
      connection.abandon()
      return end
    })
    return run(requests.isFlooding ? Effect.andThen(hangUp, answer) : answer, { signal: mcpReq.signal })
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
                chain: [...causes(cause), ...causes(unstarted.lastFailure())],
                diagnostics: unstarted.diagnostics(),
                challenge: unstarted.challenge(),
              }),
            ),
          ),
        ),
      ),
    ),
  )
  if ("mode" in handshake) observer.answered()
  if (connection.isModern) {
    const { onmessage } = transport
    transport.onmessage = (message, extra) => onmessage?.(withResultType(message), extra)
  }
  return connection
})

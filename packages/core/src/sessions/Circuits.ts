import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { errorCode } from "../connect/errorCode.ts"
import { logEvent } from "../telemetry/logEvent.ts"
import {
  admit,
  begun,
  type Circuit,
  crashed,
  failed,
  type Fault,
  initialCircuit,
  released,
  succeeded,
} from "./Circuit.ts"
import { type ConnectError, McpServerFailing } from "./ConnectError.ts"

/** What has a circuit of its own: a server by its config as it is now, filled with the variables of somebody. */
export interface CircuitKey {
  readonly serverId: string
  readonly revision: number
  /** Tells users apart whose variables make it another config. What one of them has set must not fail for the others. */
  readonly variables: string
}

/**
 * The circuit breakers of this node. Effect's own does not fit: it knows neither attempts that users demand nor why it
 * is open, and a session that dies is no outcome of a call.
 */
export interface Circuits {
  /** Makes an attempt where one may be made now, and notes how it fails. That it went well is for {@link succeeded} to say. */
  readonly attempt: <A, E extends ConnectError, R>(
    target: CircuitKey & { readonly name: string; readonly isExplicit: boolean },
    open: Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E | McpServerFailing, R>
  readonly succeeded: (key: CircuitKey) => void
  readonly crashed: (key: CircuitKey, error: Fault) => void
  readonly get: (key: CircuitKey) => Circuit | undefined
  readonly forget: (isOutdated: (key: CircuitKey) => boolean) => void
}

/** What is not asked for any more is forgotten, the oldest first. */
const maxCircuits = 10_000

export const makeCircuits: Effect.Effect<Circuits> = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  const log = Effect.runForkWith(yield* Effect.context<never>())
  const circuits = new Map<string, { readonly key: CircuitKey; readonly circuit: Circuit }>()
  const now = () => clock.currentTimeMillisUnsafe()
  const get = (key: CircuitKey) => circuits.get(nameOf(key))?.circuit

  const change = ({ revision, serverId, variables }: CircuitKey, next: (circuit: Circuit) => Circuit) => {
    const key = { revision, serverId, variables }
    const name = nameOf(key)
    const earlier = get(key)
    const circuit = next(earlier ?? initialCircuit)
    const wasOpen = earlier?.openUntil !== undefined
    if (wasOpen !== (circuit.openUntil !== undefined)) log(logCircuit(serverId, circuit))
    circuits.delete(name)
    circuits.set(name, { key, circuit })
    const oldest = circuits.keys().next()
    if (circuits.size > maxCircuits && oldest.done !== true) circuits.delete(oldest.value)
  }

  return {
    attempt: <A, E extends ConnectError, R>(
      target: CircuitKey & { readonly name: string; readonly isExplicit: boolean },
      open: Effect.Effect<A, E, R>,
    ) =>
      Effect.suspend((): Effect.Effect<A, E | McpServerFailing, R> => {
        const circuit = get(target) ?? initialCircuit
        const attempt = admit(circuit, now(), target.isExplicit)
        if (attempt === undefined) return Effect.fail(failing(target.name, circuit))
        if (attempt === "probe") change(target, (current) => begun(current, attempt))
        return Effect.onExit(open, (exit) =>
          Effect.sync(() => {
            const fault = Exit.isFailure(exit) ? faultOf(exit.cause) : undefined
            if (fault !== undefined) {
              change(target, (current) => failed(current, attempt, fault, now(), random.nextDoubleUnsafe()))
            } else if (attempt === "probe") {
              change(target, (current) => released(current, attempt))
            }
          }),
        )
      }),
    succeeded: (key) => change(key, (circuit) => succeeded(circuit, now())),
    crashed: (key, error) =>
      change(key, (circuit) => crashed(circuit, error, now(), random.nextDoubleUnsafe())),
    get,
    forget: (isOutdated) => {
      for (const [name, { key }] of circuits) {
        if (isOutdated(key)) circuits.delete(name)
      }
    },
  }
})

const nameOf = ({ revision, serverId, variables }: CircuitKey) => `${serverId}/${revision}/${variables}`

const logCircuit = (server: string, { failures, lastFault, openMillis, openUntil }: Circuit) =>
  openUntil === undefined
    ? logEvent("circuit_closed", { server })
    : logEvent("circuit_opened", {
        server,
        failures,
        error_type: lastFault === undefined ? undefined : errorCode(lastFault.error),
        open_ms: openMillis,
      })

const faultOf = (cause: Cause.Cause<ConnectError>): Fault | undefined => {
  const error = Option.getOrUndefined(Cause.findErrorOption(cause))
  if (error?._tag === "McpServerTimeout") return error
  // It is up, and refuses this credential.
  return error?._tag === "McpServerUnreachable" && error.status !== 403 ? error : undefined
}

const failing = (serverName: string, { failingSince, isProbing, lastFault, openUntil }: Circuit) =>
  new McpServerFailing({
    serverName,
    since: failingSince ?? 0,
    nextTryAt: isProbing ? undefined : openUntil,
    reason: lastFault?.error.message ?? "",
  })

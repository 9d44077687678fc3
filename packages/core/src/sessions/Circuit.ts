import type { McpServerTimeout, McpServerUnreachable } from "./ConnectError.ts"

/** What counts against an MCP server. That it does not let somebody in, or that the host's policy forbids it, does not. */
export type Fault = McpServerTimeout | McpServerUnreachable

/**
 * What is known on this node of how connecting to an MCP server goes: the state of a circuit breaker. Times are in
 * milliseconds since 1970.
 */
export interface Circuit {
  /** In a row, up to now. */
  readonly failures: number
  /** When sessions of late ended by themselves that had been opened well: as many as it takes to open the circuit. */
  readonly crashes: ReadonlyArray<number>
  readonly failingSince: number | undefined
  readonly lastFault: { readonly error: Fault; readonly at: number } | undefined
  readonly lastSuccessAt: number | undefined
  /** It is open until then, and half open from then on until an attempt has shown how things are. Undefined: closed. */
  readonly openUntil: number | undefined
  readonly isProbing: boolean
  /** How often it has opened without having been well in between for as long as it had been open. */
  readonly openings: number
  readonly openMillis: number
  /** Until then a single failure opens it again. */
  readonly probationUntil: number
}

export const initialCircuit: Circuit = {
  failures: 0,
  crashes: [],
  failingSince: undefined,
  lastFault: undefined,
  lastSuccessAt: undefined,
  openUntil: undefined,
  isProbing: false,
  openings: 0,
  openMillis: 0,
  probationUntil: 0,
}

/** How an attempt came to be made: because all was well, to see whether it is again, or because a user wanted it now. */
export type Attempt = "regular" | "probe" | "explicit"

/** Failures in a row, or crashes within a minute, that open a circuit. */
const maxFailures = 5
const crashMillis = 60_000
const firstOpenMillis = 5_000
const longestOpenMillis = 300_000

/** Which attempt may be made now, if any. */
export const admit = (circuit: Circuit, now: number, isExplicit: boolean): Attempt | undefined => {
  if (circuit.openUntil === undefined) return "regular"
  if (isExplicit) return "explicit"
  return now >= circuit.openUntil && !circuit.isProbing ? "probe" : undefined
}

export const begun = (circuit: Circuit, attempt: Attempt): Circuit =>
  attempt === "probe" ? { ...circuit, isProbing: true } : circuit

/** An attempt has ended without telling anything about the server. */
export const released = (circuit: Circuit, attempt: Attempt): Circuit =>
  attempt === "probe" ? { ...circuit, isProbing: false } : circuit

export const succeeded = (circuit: Circuit, now: number): Circuit => ({
  ...circuit,
  failures: 0,
  failingSince: undefined,
  lastSuccessAt: now,
  openUntil: undefined,
  isProbing: false,
  probationUntil: circuit.openUntil === undefined ? circuit.probationUntil : now + circuit.openMillis,
})

/** @param random between 0 and 1, so that the nodes of a host do not all try again at the same moment. */
export const failed = (
  circuit: Circuit,
  attempt: Attempt,
  error: Fault,
  now: number,
  random: number,
): Circuit => {
  const failing: Circuit = {
    ...circuit,
    failures: circuit.failures + 1,
    failingSince: circuit.failingSince ?? now,
    lastFault: { error, at: now },
  }
  const isOpen = circuit.openUntil !== undefined
  // It has been begun before the circuit opened, or by a user who may try as often as they like.
  if (isOpen && attempt !== "probe") return failing
  const isReopening = isOpen || now < circuit.probationUntil
  const isTooMuch = failing.failures >= maxFailures || failing.crashes.length >= maxFailures
  if (!isReopening && !isTooMuch) return failing

  const openings = isReopening ? circuit.openings + 1 : 1
  const wait = Math.min(longestOpenMillis, firstOpenMillis * 2 ** (openings - 1))
  const openMillis = Math.round(wait * (0.8 + 0.4 * random))
  return {
    ...failing,
    failingSince: Math.min(failing.failingSince ?? now, failing.crashes[0] ?? now),
    openings,
    openMillis,
    openUntil: now + openMillis,
    isProbing: false,
  }
}

/** A session that had been opened well has ended by itself. Others that are opened well do not make up for that. */
export const crashed = (circuit: Circuit, error: Fault, now: number, random: number): Circuit => {
  const recent = circuit.crashes.filter((at) => now - at < crashMillis)
  return failed({ ...circuit, crashes: [...recent, now].slice(-maxFailures) }, "regular", error, now, random)
}

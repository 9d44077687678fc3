import { NetworkForbidden } from "./NetworkForbidden.ts"
import { ResponseTooLarge } from "./ResponseTooLarge.ts"

/** A request that the host's policy refused, or a response that it cut off. */
export type EgressRefusal = NetworkForbidden | ResponseTooLarge

/**
 * What the guarded fetch rejects with: a `TypeError` with the cause, as global `fetch` does. A refusal is wrapped too,
 * since the MCP client goes on when the discovery of protected resource metadata fails with anything else, and would
 * hide it; it lends its message, because some of the client's errors keep nothing but that.
 */
export const fetchFailure = (cause: unknown): TypeError =>
  new TypeError(isRefusal(cause) ? cause.message : "fetch failed", { cause })

/**
 * The refusal behind an error of the guarded fetch or of a library that called it, found along its `cause`s; undefined
 * if there is none. (The MCP client's SSE transport keeps the message alone: {@link fetchFailure}.)
 */
export const egressRefusal = (error: unknown): EgressRefusal | undefined => {
  let current = error
  // A limit, because a cause may lead back to itself.
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    if (isRefusal(current)) return current
    current = current.cause
  }
  return undefined
}

/** The reason of a request that took longer than the host allows. */
export const timedOut = (timeoutMs: number): DOMException =>
  new DOMException(
    `The response was not complete after ${timeoutMs} ms, the host's option "egress.totalTimeoutMs".`,
    "TimeoutError",
  )

const isRefusal = (error: unknown): error is EgressRefusal =>
  error instanceof NetworkForbidden || error instanceof ResponseTooLarge

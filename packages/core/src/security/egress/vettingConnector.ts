import { type LookupAddress, type LookupAllOptions, lookup as resolve } from "node:dns"
import type { LookupFunction } from "node:net"
import type { ConnectionOptions } from "node:tls"
import { buildConnector } from "undici"
import type { EgressRules } from "./EgressRules.ts"

/** Resolves a name to all its addresses, as `lookup` of `node:dns` does when called with `{ all: true }`. */
export type Resolver = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: Array<LookupAddress>) => void,
) => void

export interface ConnectorOptions {
  readonly connectTimeoutMs: number
  /** Where names are resolved. Default: `lookup` of `node:dns`. */
  readonly resolver?: Resolver | undefined
  /** TLS settings of the connection, such as `ca` for a private authority. */
  readonly tls?:
    | Omit<ConnectionOptions, "host" | "lookup" | "path" | "port" | "servername" | "socket">
    | undefined
}

/**
 * Opens the connections of one origin. It vets what it connects to, in the same step: a literal address before the
 * socket exists, since Node calls `lookup` for names only; and every address of a name inside the one lookup whose
 * result the socket uses, so that a second answer of a hostile name server comes too late.
 */
export const vettingConnector = (
  origin: URL,
  rules: EgressRules,
  { connectTimeoutMs, resolver = resolve, tls }: ConnectorOptions,
): buildConnector.connector => {
  const lookup: LookupFunction = (hostname, options, done) => {
    resolver(hostname, { ...options, all: true }, (error, addresses) => {
      // Node's socket throws where nobody can catch it if there is no error and no address either.
      if (error !== null || addresses.length === 0) {
        return done(error ?? new Error(`no address for ${hostname}`), [])
      }
      const refusal = rules.checkAddresses(
        origin,
        addresses.map(({ address }) => address),
      )
      done(refusal ?? null, refusal === undefined ? addresses : [])
    })
  }
  const connect = buildConnector({ ...tls, timeout: connectTimeoutMs, autoSelectFamily: true, lookup })
  // RFC 6066, section 3: a server name is sent without the trailing dot of an absolute name.
  const servername = origin.hostname.endsWith(".") ? { servername: origin.hostname.slice(0, -1) } : undefined

  return (options, done) => {
    const refusal = rules.checkUrl(origin)
    // Later, as a socket's events come: the pool is still setting up its client.
    if (refusal !== undefined) return queueMicrotask(() => done(refusal, null))
    connect({ ...options, ...servername }, (...result) =>
      result[0] === null ? done(...result) : done(withoutAddress(result[0]), null),
    )
  }
}

/** A failed connection tells which address it tried, which whoever chose the URL need not learn about a name. */
const withoutAddress = (error: Error): Error => {
  const code = "code" in error ? error.code : undefined
  const isAboutAddress =
    "address" in error || error instanceof AggregateError || code === "UND_ERR_CONNECT_TIMEOUT"
  return isAboutAddress ? Object.assign(new Error(`connect ${String(code)}`), { code }) : error
}

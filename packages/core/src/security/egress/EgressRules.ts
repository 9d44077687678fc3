import { type AddressRange, isLiteral, isReachable, isWithin, parsePortRange } from "./AddressRules.ts"
import { blockedPorts } from "./blockedPorts.ts"
import type { EgressPolicy } from "./EgressPolicy.ts"
import { NetworkForbidden } from "./NetworkForbidden.ts"

/**
 * A host's policy, made ready to decide. Plain http is allowed everywhere by `allowHttp`, and otherwise only where the
 * host has named the target: to a host in `allowHosts`, and to addresses inside `allowRanges`.
 */
export interface EgressRules {
  /**
   * What can be said without resolving a name: scheme, userinfo, port and literal address. Plain http to a name passes
   * while the policy has ranges, since only its addresses can tell; {@link checkAddresses} decides then.
   */
  readonly checkUrl: (url: URL) => NetworkForbidden | undefined
  /** Whether a connection for this URL may go to any of the addresses of its host. One forbidden one refuses all. */
  readonly checkAddresses: (url: URL, addresses: ReadonlyArray<string>) => NetworkForbidden | undefined
}

export const egressRules = (policy: EgressPolicy): EgressRules => {
  const portRanges = policy.allowRanges.map(parsePortRange).filter((range) => range !== undefined)
  const everyRange = portRanges.map(({ range }) => range)
  const namePorts = portRanges.some(({ port }) => port !== undefined)
  const openPorts = new Set(policy.allowPorts)
  const hosts = new Set(policy.allowHosts.map(normalizedHost))

  const isAllowedHost = (url: URL): boolean => {
    if (hosts.size === 0) return false
    const name = hostName(url)
    return hosts.has(name) || hosts.has(`${name}:${portOf(url)}`)
  }

  const isBlocked = (url: URL): boolean => {
    const port = Number(portOf(url))
    return blockedPorts.has(port) && !openPorts.has(port)
  }

  /** The ranges that count for the URL's port. */
  const rangesFor = (url: URL): ReadonlyArray<AddressRange> =>
    namePorts
      ? portRanges.filter(({ port = portOf(url) }) => port === portOf(url)).map(({ range }) => range)
      : everyRange

  const checkAddresses: EgressRules["checkAddresses"] = (url, addresses) => {
    if (isAllowedHost(url)) return undefined
    const ranges = rangesFor(url)
    if (isBlocked(url) && !addresses.every((address) => isWithin(address, ranges))) {
      return NetworkForbidden.of(url, "port")
    }
    if (!addresses.every((address) => isReachable(address, ranges))) {
      return NetworkForbidden.of(url, "address")
    }
    const mayBePlain = policy.allowHttp || addresses.every((address) => isWithin(address, ranges))
    return url.protocol === "http:" && !mayBePlain ? NetworkForbidden.of(url, "scheme") : undefined
  }

  return {
    checkUrl: (url) => {
      if (url.protocol !== "https:" && url.protocol !== "http:") return NetworkForbidden.of(url, "scheme")
      if (url.username !== "" || url.password !== "") return NetworkForbidden.of(url, "userinfo")
      if (url.port === "0") return NetworkForbidden.of(url, "port")
      if (isAllowedHost(url)) return undefined
      const ranges = rangesFor(url)
      if (isBlocked(url) && ranges.length === 0) return NetworkForbidden.of(url, "port")
      const name = hostName(url)
      const host = withoutBrackets(name)
      if (isLiteral(host)) return checkAddresses(url, [host])
      // RFC 6761, section 6.3: these names are the loopback addresses, whatever the resolver says.
      if (name === "localhost" || name.endsWith(".localhost")) {
        return loopback.some((address) => isWithin(address, ranges))
          ? undefined
          : NetworkForbidden.of(url, "address")
      }
      const mayBePlain = policy.allowHttp || ranges.length > 0
      return url.protocol === "http:" && !mayBePlain ? NetworkForbidden.of(url, "scheme") : undefined
    },
    checkAddresses,
  }
}

/** An IPv6 address as sockets and resolvers write it. */
const withoutBrackets = (host: string): string => (host.startsWith("[") ? host.slice(1, -1) : host)

const loopback = ["127.0.0.1", "::1"]
const portOf = (url: URL): string => url.port || defaultPort[url.protocol] || ""
const defaultPort: Record<string, string> = { "https:": "443", "http:": "80" }

/** A name that ends in a dot is the same name, said to be absolute (RFC 1034, section 3.1). */
const hostName = (url: URL): string => (url.hostname.endsWith(".") ? url.hostname.slice(0, -1) : url.hostname)

const normalizedHost = (entry: string): string => {
  const [, host = entry, port = ""] = /^(\[[^\]]+\]|[^:]+)(:\d+)?$/.exec(entry) ?? []
  return hostName(new URL(`http://${host}`)) + port
}

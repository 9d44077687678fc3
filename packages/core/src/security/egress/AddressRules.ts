import ipaddr from "ipaddr.js"
import {
  cloudMetadata,
  ipv4SpecialPurpose,
  ipv6GlobalUnicast,
  ipv6SpecialPurpose,
} from "./SpecialPurposeRanges.ts"

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A network and the length of its prefix in bits. */
export type AddressRange = readonly [network: Address, bits: number]

/** Reads a range such as `10.0.0.0/8` or `fd00::/8`; undefined for anything else, short forms like `10/8` included. */
export const parseRange = (cidr: string): AddressRange | undefined => {
  // ipaddr.js takes `10/8` for 0.0.0.10/8.
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) return ipaddr.IPv4.parseCIDR(cidr)
  return ipaddr.IPv6.isValidCIDR(cidr) ? ipaddr.IPv6.parseCIDR(cidr) : undefined
}

/** A range, and the one port that it is about; every port where it names none. */
export interface PortRange {
  readonly range: AddressRange
  readonly port: string | undefined
}

/** Reads a range with or without a port, such as `10.0.0.0/8` or `fd00::/8:8443`; undefined for anything else. */
export const parsePortRange = (text: string): PortRange | undefined => {
  const [, cidr = text, port] = /^([^/]*\/\d{1,3}):([1-9]\d{0,4})$/.exec(text) ?? []
  const range = parseRange(cidr)
  return range === undefined || Number(port ?? 1) > 65_535 ? undefined : { range, port }
}

/**
 * Whether a connection may be made to a literal IP address: it is a public unicast address, or one of `allowed`
 * contains it. An address that carries an IPv4 address (NAT64, 6to4, …) is judged by that one too.
 */
export const isReachable = (address: string, allowed: ReadonlyArray<AddressRange> = []): boolean => {
  const parsed = parseAddress(address)
  return parsed !== undefined && judge(parsed, allowed)
}

/** Whether one of the ranges contains a literal IP address, written as itself or as its IPv4-mapped form. */
export const isWithin = (address: string, ranges: ReadonlyArray<AddressRange>): boolean => {
  const parsed = parseAddress(address)
  if (parsed === undefined) return false
  return within(parsed, ranges) || (within(parsed, mapped) && within(embeddedAt(parsed, 12), ranges))
}

/** Whether a host name, without the brackets of a URL, is an IP address and not a name to resolve. */
export const isLiteral = (host: string): boolean => parseAddress(host) !== undefined

const parseAddress = (text: string): Address | undefined => {
  // The URL parser and the resolver write IPv4 as four decimal numbers; ipaddr.js would take `0x7f.1` and `2130706433`.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!ipaddr.IPv6.isValid(text)) return undefined
  // ipaddr.js reads `::127.0.0.1`, as a resolver writes an IPv4-compatible address, as the mapped `::ffff:127.0.0.1`; the
  // URL parser writes it in hexadecimal first. It takes no zone (RFC 4007): those are for addresses of one link.
  const host = URL.parse(`http://[${text}]`)?.hostname
  return host === undefined ? undefined : ipaddr.IPv6.parse(host.slice(1, -1))
}

const range = (cidr: string): AddressRange => ipaddr.parseCIDR(cidr)

const metadata = cloudMetadata.map(range)
const special = [...ipv4SpecialPurpose, ...ipv6SpecialPurpose].map(range)
const globalUnicast = [range(ipv6GlobalUnicast)]
const mapped = [range("::ffff:0:0/96")] // RFC 4291, section 2.5.5.2
const wellKnownNat64 = [range("64:ff9b::/96")] // RFC 6052, section 2.1
const localNat64 = [range("64:ff9b:1::/48")] // RFC 8215
const sixToFour = [range("2002::/16")] // RFC 3056, section 2
const teredo = [range("2001::/32")] // RFC 4380, section 4
const compatible = [range("::/96")] // RFC 4291, section 2.5.5.1
const unspecifiedOrLoopback = [range("::/127")] // RFC 4291, sections 2.5.2 and 2.5.3: not IPv4-compatible

const within = (address: Address, ranges: ReadonlyArray<AddressRange>): boolean =>
  ranges.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))

const judge = (address: Address, allowed: ReadonlyArray<AddressRange>): boolean => {
  // The address on the wire is the IPv4 one (mapped), or a translator's, which exists to reach it (well-known NAT64,
  // the one row of the registry that a DNS64 resolver gives for a public name).
  if (within(address, mapped) || within(address, wellKnownNat64)) {
    return judge(embeddedAt(address, 12), allowed)
  }
  if (within(address, metadata)) {
    const whole = address.kind() === "ipv4" ? 32 : 128
    return within(
      address,
      allowed.filter(([, bits]) => bits === whole),
    )
  }
  if (!within(address, allowed) && !isPublicUnicast(address)) return false
  return embedded(address).every((inner) => judge(inner, allowed))
}

const isPublicUnicast = (address: Address): boolean => {
  if (address.kind() === "ipv6" && !within(address, globalUnicast)) return false
  // The library's own list is a second net, which grows with its releases.
  return !within(address, special) && address.range() === "unicast"
}

/** The IPv4 addresses that a packet to this IPv6 address may be sent on to. */
const embedded = (address: Address): ReadonlyArray<ipaddr.IPv4> => {
  if (within(address, sixToFour)) return [embeddedAt(address, 2)]
  if (within(address, compatible) && !within(address, unspecifiedOrLoopback)) return [embeddedAt(address, 12)]
  if (within(address, teredo)) {
    // The server, and the client, whose address is stored inverted.
    const client = embeddedAt(address, 12).toByteArray()
    return [embeddedAt(address, 4), new ipaddr.IPv4(client.map((octet) => octet ^ 0xff))]
  }
  if (within(address, localNat64)) {
    const bytes = address.toByteArray()
    // RFC 6052, section 2.2: under a prefix of 48 bits the octet 8 is zero and splits the address; translators that
    // use a prefix of 96 bits of this block have it at the end.
    const [a = 0, b = 0, , c = 0, d = 0, ...suffix] = bytes.slice(6)
    return [suffix.every((octet) => octet === 0) ? new ipaddr.IPv4([a, b, c, d]) : embeddedAt(address, 12)]
  }
  return []
}

const embeddedAt = (address: Address, octet: number): ipaddr.IPv4 =>
  new ipaddr.IPv4(address.toByteArray().slice(octet, octet + 4))

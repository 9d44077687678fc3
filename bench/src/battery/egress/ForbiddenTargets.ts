/** A host as somebody may write it in a URL, and why nothing may be sent there. */
export interface Target {
  readonly host: string
  readonly why: string
}

/**
 * The rows of the IANA special-purpose registries (IPv4 and IPv6, as of 2026-07), of the multicast registries and what
 * IANA has not given to anybody: the first and the last address of each.
 */
const rows: ReadonlyArray<readonly [first: string, last: string, why: string]> = [
  ["0.0.0.0", "0.255.255.255", "RFC 791: this network"],
  ["10.0.0.0", "10.255.255.255", "RFC 1918: private use"],
  ["100.64.0.0", "100.127.255.255", "RFC 6598: shared address space"],
  ["127.0.0.0", "127.255.255.255", "RFC 1122: loopback"],
  ["169.254.0.0", "169.254.255.255", "RFC 3927: link local"],
  ["172.16.0.0", "172.31.255.255", "RFC 1918: private use"],
  ["192.0.0.0", "192.0.0.7", "RFC 7335: IPv4 service continuity"],
  ["192.0.0.8", "192.0.0.10", "RFC 7600, 7723, 8155: dummy address, PCP and TURN anycast"],
  ["192.0.0.170", "192.0.0.171", "RFC 8880: NAT64 discovery"],
  ["192.0.2.0", "192.0.2.255", "RFC 5737: TEST-NET-1"],
  ["192.31.196.0", "192.31.196.255", "RFC 7535: AS112-v4"],
  ["192.52.193.0", "192.52.193.255", "RFC 7450: AMT"],
  ["192.88.99.0", "192.88.99.255", "RFC 7526: 6to4 relay anycast"],
  ["192.168.0.0", "192.168.255.255", "RFC 1918: private use"],
  ["192.175.48.0", "192.175.48.255", "RFC 7534: direct delegation AS112"],
  ["198.18.0.0", "198.19.255.255", "RFC 2544: benchmarking"],
  ["198.51.100.0", "198.51.100.255", "RFC 5737: TEST-NET-2"],
  ["203.0.113.0", "203.0.113.255", "RFC 5737: TEST-NET-3"],
  ["224.0.0.0", "239.255.255.255", "RFC 5771: multicast"],
  ["240.0.0.0", "255.255.255.255", "RFC 1112: reserved, and RFC 919: limited broadcast"],
  ["::", "::1", "RFC 4291: unspecified and loopback"],
  ["64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "RFC 8215: local-use translation"],
  ["100::", "100::ffff:ffff:ffff:ffff", "RFC 6666: discard only"],
  ["100:0:0:1::", "100::1:ffff:ffff:ffff:ffff", "RFC 9780: dummy prefix"],
  ["2001::", "2001::ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4380: Teredo"],
  ["2001:1::1", "2001:1::3", "RFC 7723, 8155, 9665: PCP, TURN and DNS-SD anycast"],
  ["2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", "RFC 5180: benchmarking"],
  ["2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 7450: AMT"],
  ["2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff", "RFC 7535: AS112-v6"],
  ["2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4843: ORCHID"],
  ["2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 7343: ORCHIDv2"],
  ["2001:30::", "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 9374: drone remote identification"],
  ["2001:100::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 2928: IETF protocol assignments"],
  ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3849: documentation"],
  ["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3056: 6to4"],
  ["2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "RFC 7534: direct delegation AS112"],
  ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 9637: documentation"],
  ["4000::", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "IANA IPv6 address space: given to nobody"],
  ["5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 9602: segment routing"],
  ["fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4193: unique local"],
  ["fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291: link local"],
  ["fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3879: site local"],
  ["ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291: multicast"],
]

/** What clouds tell a machine about itself, its credentials included; some of it at addresses that are public. */
const metadataServices: ReadonlyArray<readonly [address: string, why: string]> = [
  ["169.254.169.254", "metadata of AWS, Azure, Google Cloud, DigitalOcean, OpenStack"],
  ["169.254.170.2", "credentials of an AWS container"],
  ["169.254.170.23", "credentials of an AWS EKS pod"],
  ["168.63.129.16", "Azure's wire server"],
  ["100.100.100.200", "metadata of Alibaba Cloud"],
  ["192.0.0.192", "metadata of Oracle Cloud"],
  ["fd00:ec2::254", "metadata of AWS"],
  ["fd20:ce::254", "metadata of Google Cloud"],
]

/** Addresses whose every spelling and every wrapping is tried. */
const wrapped = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "168.63.129.16"]

const octets = (address: string): ReadonlyArray<number> => address.split(".").map(Number)

/** The groups of an IPv6 address that hold an IPv4 address. */
const groups = (address: string): string => {
  const [a = 0, b = 0, c = 0, d = 0] = octets(address)
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

const number = (address: string): number => octets(address).reduce((value, octet) => value * 256 + octet, 0)

/** As the WHATWG URL Standard, section 3.5, has an IPv4 address read. */
const spellings = (address: string): ReadonlyArray<Target> => {
  const [a = 0, b = 0, c = 0, d = 0] = octets(address)
  return [
    [String(number(address)), "one number"],
    [`0x${number(address).toString(16)}`, "hexadecimal"],
    [`0${number(address).toString(8)}`, "octal"],
    [`${a}.${b * 65_536 + c * 256 + d}`, "two parts"],
    [`${a}.${b}.${c * 256 + d}`, "three parts"],
    [`0x${a.toString(16)}.0${b.toString(8)}.${c}.${d}`, "a mixture of bases"],
    [`${address}.`, "a trailing dot"],
    [address.replaceAll(".", "。"), "ideographic full stops"],
    [address.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))), "full-width digits"],
    [address.replaceAll(/\d/g, (digit) => `%3${digit}`), "percent-encoding"],
  ].map(([host = "", how = ""]) => ({ host, why: `${address}, ${how}` }))
}

const wrappings = (address: string): ReadonlyArray<Target> => {
  const inverted = groups(
    octets(address)
      .map((octet) => octet ^ 0xff)
      .join("."),
  )
  return [
    [`::ffff:${address}`, "RFC 4291: IPv4-mapped"],
    [`::FFFF:${groups(address).toUpperCase()}`, "RFC 4291: IPv4-mapped, in hexadecimal"],
    [`0:0:0:0:0:ffff:${groups(address)}`, "RFC 4291: IPv4-mapped, written out"],
    [`::${address}`, "RFC 4291: IPv4-compatible"],
    [`::ffff:0:${address}`, "RFC 2765: IPv4-translated"],
    [`64:ff9b::${address}`, "RFC 6052: NAT64"],
    [`2002:${groups(address)}::1`, "RFC 3056: 6to4"],
    [`2001:0:${groups(address)}::1`, "RFC 4380: Teredo, the server"],
    [`2001:0:808:808:0:0:${inverted}`, "RFC 4380: Teredo, the client"],
  ].map(([host = "", how = ""]) => ({ host: `[${host}]`, why: `${address}, ${how}` }))
}

const inUrl = (address: string): string => (address.includes(":") ? `[${address}]` : address)

/** Hosts that no request may be sent to, unless the host of Mooring says so. */
export const forbiddenTargets: ReadonlyArray<Target> = [
  ...rows.flatMap(([first, last, why]) => [first, last].map((address) => ({ host: inUrl(address), why }))),
  ...metadataServices.map(([address, why]) => ({ host: inUrl(address), why })),
  ...wrapped.flatMap((address) => [...spellings(address), ...wrappings(address)]),
  ...["localhost", "LocalHost.", "db.localhost", "a.b.localhost."].map((host) => ({
    host,
    why: "RFC 6761, section 6.3: loopback by name",
  })),
]

/** The neighbours of the rows, well-known public addresses, and public ones in the same disguises. */
export const publicTargets: ReadonlyArray<string> = [
  "1.0.0.0",
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "168.63.129.15",
  "168.63.129.17",
  "169.253.255.255",
  "169.255.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "191.255.255.255",
  "192.0.1.0",
  "192.0.3.0",
  "192.31.195.255",
  "192.31.197.0",
  "192.52.192.255",
  "192.52.194.0",
  "192.88.98.255",
  "192.88.100.0",
  "192.167.255.255",
  "192.169.0.0",
  "192.175.47.255",
  "192.175.49.0",
  "198.17.255.255",
  "198.20.0.0",
  "198.51.99.255",
  "198.51.101.0",
  "203.0.112.255",
  "203.0.114.0",
  "223.255.255.255",
  "134744072",
  "0x08080808",
  "[2001:200::]",
  "[2001:4860:4860::8888]",
  "[2001:db7:ffff::1]",
  "[2001:db9::1]",
  "[2003::1]",
  "[2606:4700:4700::1111]",
  "[2620:4f:7fff::1]",
  "[2620:4f:8001::1]",
  "[3ffe:ffff::1]",
  "[::ffff:8.8.8.8]",
  "[64:ff9b::8.8.8.8]",
]

/** The literal address that a URL's parser makes of a host; undefined for a name. */
export const addressOf = (host: string): string | undefined => {
  const { hostname } = new URL(`https://${host}/`)
  if (hostname.startsWith("[")) return hostname.slice(1, -1)
  return /^[\d.]+$/.test(hostname) ? hostname : undefined
}

/**
 * The rows of the IANA IPv4 Special-Purpose Address Registry
 * (https://www.iana.org/assignments/iana-ipv4-special-registry), and multicast, which has a registry of its own.
 * Rows marked "globally reachable" are here too: they are services of the network that is nearest (PCP, TURN, AS112,
 * AMT), where no MCP server lives.
 */
export const ipv4SpecialPurpose = [
  "0.0.0.0/8", // RFC 791, section 3.2: this network
  "10.0.0.0/8", // RFC 1918: private use
  "100.64.0.0/10", // RFC 6598: shared address space
  "127.0.0.0/8", // RFC 1122, section 3.2.1.3: loopback
  "169.254.0.0/16", // RFC 3927: link local
  "172.16.0.0/12", // RFC 1918: private use
  "192.0.0.0/24", // RFC 6890: IETF protocol assignments (RFC 7335, 7600, 7723, 8155, 8880)
  "192.0.2.0/24", // RFC 5737: documentation
  "192.31.196.0/24", // RFC 7535: AS112
  "192.52.193.0/24", // RFC 7450: AMT
  "192.88.99.0/24", // RFC 7526: 6to4 relay anycast, deprecated
  "192.168.0.0/16", // RFC 1918: private use
  "192.175.48.0/24", // RFC 7534: AS112, direct delegation
  "198.18.0.0/15", // RFC 2544: benchmarking
  "198.51.100.0/24", // RFC 5737: documentation
  "203.0.113.0/24", // RFC 5737: documentation
  "224.0.0.0/4", // RFC 5771: multicast
  "240.0.0.0/4", // RFC 1112, section 4: reserved; RFC 919: limited broadcast
] as const

/** RFC 4291, section 2.4, and the IANA IPv6 address space registry: unicast is assigned from here and nowhere else. */
export const ipv6GlobalUnicast = "2000::/3"

/**
 * The rows of the IANA IPv6 Special-Purpose Address Registry
 * (https://www.iana.org/assignments/iana-ipv6-special-registry) inside {@link ipv6GlobalUnicast}; all others are
 * outside of it.
 */
export const ipv6SpecialPurpose = [
  "2001::/23", // RFC 2928: IETF protocol assignments, among them Teredo, PCP, TURN, benchmarking, AMT, AS112, ORCHID
  "2001:db8::/32", // RFC 3849: documentation
  "2002::/16", // RFC 3056: 6to4
  "2620:4f:8000::/48", // RFC 7534: AS112, direct delegation
  "3fff::/20", // RFC 9637: documentation
] as const

/**
 * Where clouds hand a machine its own credentials. Some lie in ranges that a host has good reason to allow (shared
 * address space for a VPN, unique local addresses), and one in the public space, so that they have a list of their
 * own, and a rule: only a range of exactly this one address opens it.
 */
export const cloudMetadata = [
  "169.254.169.254/32", // AWS, Azure, Google Cloud, OpenStack, Oracle, DigitalOcean
  "169.254.170.2/32", // AWS, container credentials
  "169.254.170.23/32", // AWS, EKS pod identity
  "fd00:ec2::254/128", // AWS over IPv6
  "fd00:ec2::23/128", // AWS, EKS pod identity over IPv6
  "168.63.129.16/32", // Azure, wire server; a public address
  "100.100.100.200/32", // Alibaba Cloud, in the shared address space
  "192.0.0.192/32", // Oracle Cloud, classic
  "fd20:ce::254/128", // Google Cloud over IPv6
] as const

import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { parsePortRange } from "./AddressRules.ts"

const IpRange = Schema.String.check(
  Schema.makeFilter((cidr) => parsePortRange(cidr) !== undefined, {
    expected:
      "an IP range with its prefix length and an optional port, such as 10.0.0.0/8, fd00::/8 or 10.0.0.0/8:8443",
  }),
)

// A name, an IPv4 address or an IPv6 address in brackets; the URL parser reads the rest.
const HostName = Schema.String.check(
  Schema.makeFilter(
    (host) => /^(\[[^\]]+\]|[^[\]:/?#@\\*\s]+)(:[1-9]\d{0,4})?$/.test(host) && URL.canParse(`http://${host}`),
    {
      expected: "a host name with an optional port, such as mcp.internal or mcp.internal:8443",
    },
  ),
)

const withDefault = <S extends Schema.Top & Schema.WithoutConstructorDefault>(
  schema: S,
  value: S["Encoded"] & S["~type.make.in"],
) =>
  schema.pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(value)),
    Schema.withConstructorDefault(Effect.succeed(value)),
  )

const limit = (value: number, description: string) =>
  withDefault(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 })).annotate({
      description,
      default: value,
    }),
    value,
  )

/**
 * Which addresses MCP servers and their authorization servers may have, and how much they may take. Without it, https
 * to public addresses.
 */
export const EgressPolicy = Schema.Struct({
  allowHttp: withDefault(
    Schema.Boolean.annotate({
      description:
        "Allow plain http everywhere. Without it, http is allowed only to hosts in `allowHosts` and to addresses inside `allowRanges` (for a name: if all its addresses are inside).",
      default: false,
    }),
    false,
  ),
  allowRanges: withDefault(
    Schema.Array(IpRange).annotate({
      description:
        "IP ranges that are allowed although they are not public, such as `127.0.0.0/8`, `::1/128` or `10.0.0.0/8`, or `10.0.0.0/8:8443` for one port. Addresses of cloud metadata services are opened only by a range of exactly that address, such as `169.254.169.254/32`.",
      default: [],
    }),
    [],
  ),
  allowHosts: withDefault(
    Schema.Array(HostName).annotate({
      description:
        "Host names that may resolve to any address, such as `mcp.internal`, or `mcp.internal:8443` for one port. Matched whole: subdomains are not included.",
      default: [],
    }),
    [],
  ),
  allowPorts: withDefault(
    Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))).annotate({
      description:
        "Ports that are allowed at public addresses although they belong to another protocol, such as 22 or 6667 (those that browsers block). An entry of `allowHosts` or `allowRanges` opens every port, or the one that it names.",
      default: [],
    }),
    [],
  ),
  maxResponseBytes: limit(
    20 * 1024 * 1024,
    "Most bytes of one response after decompression; for an event stream, of one event.",
  ),
  maxDocumentBytes: limit(
    64 * 1024,
    "Most bytes of one document that belongs to signing in, such as metadata and tokens, after decompression.",
  ),
  connectTimeoutMs: limit(
    10_000,
    "Longest time to resolve a name, connect and finish the TLS handshake, in milliseconds.",
  ),
  headersTimeoutMs: limit(
    120_000,
    "Longest time from a sent request to the headers of its response, in milliseconds. A server that answers in JSON sends them when the tool has run: keep it above the longest run.",
  ),
  totalTimeoutMs: limit(
    120_000,
    "Longest time from the call to a complete body, redirects included, in milliseconds; for an event stream, to its headers.",
  ),
}).annotate({ identifier: "EgressPolicy" })
export type EgressPolicy = typeof EgressPolicy.Type

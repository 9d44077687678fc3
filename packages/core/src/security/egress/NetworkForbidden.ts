import * as Schema from "effect/Schema"

/**
 * The host's policy does not let this URL be fetched. Nothing was sent.
 *
 * `rule` says which rule refused: `url` (not an absolute URL), `scheme` (neither https nor http where that is
 * allowed), `userinfo` (credentials in the URL), `port` (0, or one of another
 * protocol), `address` (an address, or one that the name resolves
 * to, is not public) or `redirect` (a hop that would lose https, or carry a body to another origin).
 *
 * The error never holds what a name resolved to, nor the URL's credentials, path or query.
 */
export class NetworkForbidden extends Schema.TaggedError<NetworkForbidden>()("NetworkForbidden", {
  /** Host name or literal address of the URL, as normalized by the URL parser; empty where there is none. */
  host: Schema.String,
  rule: Schema.Literals(["url", "scheme", "userinfo", "port", "address", "redirect"]),
}) {
  /** The refusal of a URL, of which it keeps the host alone. */
  static of(url: URL | null, rule: NetworkForbidden["rule"]): NetworkForbidden {
    // RFC 1035, section 2.3.4: no name is longer, but the URL parser takes any length.
    return new NetworkForbidden({ host: url?.hostname.slice(0, 255) ?? "", rule })
  }

  override get message() {
    return explain[this.rule](JSON.stringify(this.host))
  }
}

const explain: Record<NetworkForbidden["rule"], (host: string) => string> = {
  url: () => "This is not an absolute URL. Give one that begins with https://.",
  scheme: (host) =>
    `Only https may be used to reach ${host}. ` +
    'The host allows plain http by its options "egress.allowHttp" (everywhere), "egress.allowHosts" or "egress.allowRanges" (there).',
  userinfo: (host) =>
    `The URL for ${host} contains a user name or password. Send credentials in a header instead.`,
  port: (host) =>
    `The URL for ${host} names a port that is not for HTTP. ` +
    'The host allows it by its options "egress.allowPorts" (everywhere), "egress.allowHosts" or "egress.allowRanges" (there).',
  address: (host) =>
    `${host} is, or resolves to, an address that is not public. ` +
    'The host allows it by its options "egress.allowHosts" (this name) or "egress.allowRanges" (its address).',
  redirect: (host) =>
    `A redirect to ${host} was not followed, because it leaves https or would carry the request's body to another origin. ` +
    "Use the URL that it leads to, if that is the intended server.",
}

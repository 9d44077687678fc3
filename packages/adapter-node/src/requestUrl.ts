import { isHttp2, type NodeRequest } from "./Exchange.ts"
import { MalformedRequest } from "./MalformedRequest.ts"

// A name, an IPv4 or a bracketed IPv6 address, and a port: nothing that could reach into the path or the userinfo.
const plainHost = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i

/**
 * Path and query of a request. The absolute form (RFC 9112 section 3.2.2) loses its scheme and authority; the
 * asterisk form, "*", stays as it is.
 */
export const requestTarget = (url: string | undefined): string => {
  const target = (url ?? "").replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, "")
  return target === "" || target.startsWith("?") ? `/${target}` : target
}

/** The path of a target, as it was sent: percent-encoded and not normalized. */
export const requestPath = (target: string): string => {
  const query = target.indexOf("?")
  return query === -1 ? target : target.slice(0, query)
}

/**
 * The absolute URL of a request.
 *
 * A path that URL parsing would rewrite ("/a/../b", backslashes, bytes that RFC 3986 does not allow) is refused:
 * the middleware before us has judged the path as it was sent, and must not be got round by our reading another.
 *
 * @throws MalformedRequest where the target or the host is no part of an URL.
 */
export const requestUrl = (req: NodeRequest, target: string): URL => {
  const host = (isHttp2(req) ? req.authority : req.headers.host) || "localhost"
  if (!plainHost.test(host)) throw new MalformedRequest("The Host header is malformed")
  const protocol = "encrypted" in req.socket && req.socket.encrypted === true ? "https" : "http"
  // Joined as text: resolved against a base, "//evil/x" would be read as another host.
  const url = target.startsWith("/") ? URL.parse(`${protocol}://${host}${target}`) : null
  if (url === null || url.pathname !== requestPath(target)) {
    throw new MalformedRequest("The request target is malformed")
  }
  return url
}

import { NetworkForbidden } from "./NetworkForbidden.ts"
import type { OutgoingRequest } from "./OutgoingRequest.ts"

const redirectStatuses = new Set([301, 302, 303, 307, 308])

/** The headers that may follow to another origin: they describe the request and name nobody. */
const anonymousHeaders = new Set(["accept", "accept-encoding", "content-type", "user-agent"])

/** Whether the response points to another place: a redirect status (Fetch, section 2.2.6) and a `location`. */
export const isRedirect = (response: Response): boolean =>
  redirectStatuses.has(response.status) && response.headers.has("location")

/**
 * The request that follows a redirect (Fetch, section 4.4, HTTP-redirect fetch). A hop to another origin loses every
 * header that could be a credential. Refused: a hop from https to http, and one that would take the body to another
 * origin, since in OAuth the body is the credential (RFC 9700, section 4.12).
 */
export const redirectedRequest = (
  request: OutgoingRequest,
  response: Response,
): OutgoingRequest | NetworkForbidden => {
  const url = URL.parse(response.headers.get("location") ?? "", request.url.href)
  if (url === null) return NetworkForbidden.of(url, "url")
  const refused = NetworkForbidden.of(url, "redirect")
  if (request.url.protocol === "https:" && url.protocol === "http:") return refused

  const { method } = request
  const becomesGet =
    response.status === 303
      ? method !== "GET" && method !== "HEAD"
      : (response.status === 301 || response.status === 302) && method === "POST"
  const isSameOrigin = url.origin === request.url.origin
  if (!becomesGet && request.body !== null) {
    if (!isSameOrigin) return refused
    if (request.body instanceof ReadableStream) {
      throw new TypeError("fetch failed", {
        cause: new Error("A streamed body cannot be sent again after a redirect."),
      })
    }
  }

  const headers = new Headers()
  for (const [name, value] of request.headers) {
    if ((isSameOrigin || anonymousHeaders.has(name)) && !(becomesGet && name.startsWith("content-"))) {
      headers.append(name, value)
    }
  }
  return {
    ...request,
    url,
    headers,
    ...(becomesGet ? { method: "GET", body: null, contentType: null } : undefined),
  }
}

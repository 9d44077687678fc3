import { DeferredRequest, undeferred } from "./DeferredRequest.ts"
import type { Exchange } from "./Exchange.ts"
import { MalformedRequest } from "./MalformedRequest.ts"
import { requestBody } from "./requestBody.ts"
import { requestTarget, requestUrl } from "./requestUrl.ts"
import { SignalledRequest } from "./SignalledRequest.ts"

// True of the bytes on the wire, and no longer of a body rebuilt from what a parser decoded.
const ofTheOriginalBody = new Set(["content-length", "content-encoding", "transfer-encoding"])

/**
 * The web-standard Request of an exchange. `signal` is to abort when the client goes away. With `deferBody` it may be a
 * {@link DeferredRequest}.
 *
 * The content type stays what the client sent, also of a parsed form that is rebuilt as JSON: a cross-site form
 * must not come to look like JSON, which browsers send only with the server's consent.
 *
 * @throws MalformedRequest where target, host, method, headers or body make no Request.
 * @throws Error where another middleware has read the body and not kept it.
 */
export const toWebRequest = (exchange: Exchange, signal: AbortSignal, deferBody: boolean): Request => {
  const { req } = exchange
  const url = requestUrl(req, requestTarget(exchange.url ?? req.url))
  const body = requestBody(exchange)
  const rebuilt = body instanceof Uint8Array
  const headers: Array<[string, string]> = []
  for (const name in req.headers) {
    const value = req.headers[name]
    // HTTP/2's pseudo headers, ":method" and the like, are no headers to `Request`. Lists occur in set-cookie
    // alone, which means nothing in a request.
    if (typeof value !== "string" || name.startsWith(":") || (rebuilt && ofTheOriginalBody.has(name)))
      continue
    headers.push([name, value])
  }
  if (rebuilt) headers.push(["content-length", String(body.byteLength)])
  const init = { method: req.method ?? "GET", headers }
  try {
    if (body === null) return new SignalledRequest(url, init, signal)
    return deferBody ? new DeferredRequest(url, init, signal, body) : undeferred(url, init, signal, body)
  } catch (cause) {
    throw new MalformedRequest("The request's method or headers are malformed", { cause })
  }
}

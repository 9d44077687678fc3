import type { Exchange } from "./Exchange.ts"
import { MalformedRequest } from "./MalformedRequest.ts"
import { requestBody } from "./requestBody.ts"
import { requestTarget, requestUrl } from "./requestUrl.ts"

// True of the bytes on the wire, and no longer of a body rebuilt from what a parser decoded.
const ofTheOriginalBody = new Set(["content-length", "content-encoding", "transfer-encoding"])

/**
 * The web-standard Request of an exchange. `signal` is to abort when the client goes away.
 *
 * The content type stays what the client sent, also of a parsed form that is rebuilt as JSON: a cross-site form
 * must not come to look like JSON, which browsers send only with the server's consent.
 *
 * @throws MalformedRequest where target, host, method, headers or body make no Request.
 * @throws Error where another middleware has read the body and not kept it.
 */
export const toWebRequest = (exchange: Exchange, signal: AbortSignal): Request => {
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
  try {
    return new SignalledRequest(url, { method: req.method ?? "GET", headers, body, duplex: "half" }, signal)
  } catch (cause) {
    throw new MalformedRequest("The request's method or headers are malformed", { cause })
  }
}

/**
 * A request whose signal is the one that it was given. `Request` would make one of its own that follows it, with weak
 * references and a finalizer for each request.
 */
class SignalledRequest extends Request {
  readonly #signal: AbortSignal

  // To TypeScript it is a field of the class, to JavaScript an accessor.
  static {
    Object.defineProperty(this.prototype, "signal", {
      get(this: SignalledRequest) {
        return this.#signal
      },
    })
  }

  constructor(url: URL, init: RequestInit, signal: AbortSignal) {
    super(url, init)
    this.#signal = signal
  }
}

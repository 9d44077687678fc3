import type { ExchangeRequest } from "./exchange.ts"
import { fetchFailure } from "./fetchFailure.ts"
import { NetworkForbidden } from "./NetworkForbidden.ts"

/** What a caller of `fetch` asks for, read once. */
export interface OutgoingRequest {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: RequestBody | null
  /** The type that the kind of body implies, for when the headers name none. */
  readonly contentType: string | null
  readonly redirect: "follow" | "error" | "manual"
  readonly signal: AbortSignal | null
}

export type RequestBody = string | Uint8Array | ReadableStream<Uint8Array>

/** Reads the arguments of `fetch` (Fetch, section 5.4). Throws a `TypeError` which never repeats a header's value. */
export const outgoingRequest = (input: string | URL | Request, init: RequestInit = {}): OutgoingRequest => {
  const request = input instanceof Request ? input : undefined
  const method = normalizedMethod(init.method ?? request?.method ?? "GET")
  const extracted = extractBody(init.body ?? request?.body ?? null)
  if (extracted.body !== null && (method === "GET" || method === "HEAD")) {
    throw new TypeError(`A request with the method ${method} cannot have a body.`)
  }
  if (request?.bodyUsed === true && init.body == null) {
    throw new TypeError("The body of the request was already read.")
  }
  return {
    url: parseUrl(input),
    method,
    headers: toHeaders(init.headers ?? request?.headers),
    ...extracted,
    redirect: init.redirect ?? request?.redirect ?? "follow",
    signal: (init.signal === undefined ? request?.signal : init.signal) ?? null,
  }
}

export const toExchangeRequest = (request: OutgoingRequest): ExchangeRequest => ({
  url: request.url,
  method: request.method,
  headers: wireHeaders(request),
  body: request.body,
  signal: request.signal,
  wantsEvents: (request.headers.get("accept") ?? "").includes("text/event-stream"),
})

const wireHeaders = ({ contentType, headers }: OutgoingRequest): Array<string> => {
  const wire: Array<string> = []
  for (const [name, value] of headers) {
    if (!isConnectionHeader(name)) wire.push(name, value)
  }
  if (!headers.has("accept")) wire.push("accept", "*/*")
  if (!headers.has("accept-encoding")) wire.push("accept-encoding", "br, gzip, deflate")
  if (!headers.has("user-agent")) wire.push("user-agent", "mooring")
  if (contentType !== null && !headers.has("content-type")) wire.push("content-type", contentType)
  return wire
}

/**
 * Whether a header belongs to the connection. Such are left out, as Fetch does with forbidden request headers
 * (section 2.2.2): `host` would reach another virtual host, and change the name that TLS verifies; the others would
 * contradict how the message is framed.
 */
export const isConnectionHeader = (name: string): boolean => connectionHeaders.has(name)

const connectionHeaders = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
])

const parseUrl = (input: string | URL | Request): URL => {
  if (input instanceof URL) return input
  // Not the error of `new URL`, which holds the whole input.
  const url = URL.parse(input instanceof Request ? input.url : String(input))
  if (url === null) throw fetchFailure(NetworkForbidden.of(url, "url"))
  return url
}

const upperCased = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"])
// Fetch, section 2.2.1: forbidden methods.
const forbiddenMethods = new Set(["CONNECT", "TRACE", "TRACK"])

const normalizedMethod = (method: string): string => {
  const upper = method.toUpperCase()
  if (forbiddenMethods.has(upper)) throw new TypeError(`The method ${upper} cannot be used.`)
  return upperCased.has(upper) ? upper : method
}

// RFC 9110, sections 5.6.2 (token) and 5.5 (field-content, with the space and tab that surround it).
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

const toHeaders = (headers: RequestInit["headers"]): Headers => {
  if (headers === undefined) return new Headers()
  // Nothing else gets into a `Headers`. Its errors repeat the value, so all else is looked at before.
  if (headers instanceof Headers) return headers
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers)
  const checked = new Headers()
  for (const [name, value] of pairs) {
    if (name === undefined || !headerName.test(name)) {
      throw new TypeError("A header's name has characters that HTTP does not allow.")
    }
    if (!headerValue.test(String(value))) {
      throw new TypeError(
        `The header ${JSON.stringify(name)} has a value with characters that HTTP does not allow, such as a line break.`,
      )
    }
    checked.append(name, String(value))
  }
  return checked
}

const extractBody = (body: RequestInit["body"] | null): Pick<OutgoingRequest, "body" | "contentType"> => {
  if (body === null || body === undefined) return { body: null, contentType: null }
  if (typeof body === "string") return { body, contentType: "text/plain;charset=UTF-8" }
  if (body instanceof URLSearchParams) {
    return { body: body.toString(), contentType: "application/x-www-form-urlencoded;charset=UTF-8" }
  }
  if (body instanceof ReadableStream) return { body, contentType: null }
  if (body instanceof ArrayBuffer) return { body: new Uint8Array(body), contentType: null }
  if (ArrayBuffer.isView(body)) {
    return { body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength), contentType: null }
  }
  // Blob and FormData: `Response` knows how to write them.
  const written = new Response(body)
  return { body: written.body, contentType: written.headers.get("content-type") }
}

import { isHttp2, type Exchange, type NodeRequest } from "./Exchange.ts"
import { MalformedRequest } from "./MalformedRequest.ts"
import { UnreadBody } from "./UnreadBody.ts"

/**
 * The body of a request: still to be read as long as nobody has, otherwise bytes rebuilt from what a body parser
 * left in `body` or `rawBody` of `exchange.parsed`; null where the request has none.
 *
 * What decides is the state of the stream, never the presence of `body`: several parsers leave an empty object on
 * requests that they did not read. `body` comes before `rawBody` so that changes made by middleware count.
 *
 * @throws MalformedRequest where the body is nested too deeply to be rebuilt.
 * @throws Error where the body was read and not kept.
 */
export const requestBody = (exchange: Exchange): UnreadBody | Uint8Array<ArrayBuffer> | null => {
  const { req, parsed = req } = exchange
  if (req.method === "GET" || req.method === "HEAD" || !announcesBody(req)) return null
  if (!req.readableDidRead) return req.readableEnded ? null : new UnreadBody(exchange)
  const body = "body" in parsed && parsed.body !== undefined ? parsed.body : rawBody(parsed)
  if (body === undefined) {
    throw new Error("The request body was read before Mooring, and neither `body` nor `rawBody` holds it")
  }
  return encodeBody(body)
}

const announcesBody = (req: NodeRequest): boolean =>
  isHttp2(req)
    ? !req.stream.endAfterHeaders
    : req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0

const rawBody = (parsed: object): unknown => ("rawBody" in parsed ? parsed.rawBody : undefined)

// Always bytes: for a string, `Request` would add a content-type of its own where the client sent none.
const encodeBody = (body: unknown): Uint8Array<ArrayBuffer> =>
  body instanceof Uint8Array
    ? new Uint8Array(body)
    : new TextEncoder().encode(typeof body === "string" ? body : stringify(body))

const stringify = (body: unknown): string => {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    // `JSON.parse` takes any depth and `JSON.stringify` does not, so that a client could provoke this at will.
    if (cause instanceof RangeError) {
      throw new MalformedRequest("The request body is nested too deeply", { cause })
    }
    throw cause
  }
}

import { finished, type Readable } from "node:stream"
import { isHttp2, type Exchange, type NodeRequest } from "./Exchange.ts"
import { MalformedRequest } from "./MalformedRequest.ts"

/**
 * The body of a request: a stream as long as nobody has read it, otherwise bytes rebuilt from what a body parser
 * left in `body` or `rawBody` of `exchange.parsed`; null where the request has none.
 *
 * What decides is the state of the stream, never the presence of `body`: several parsers leave an empty object on
 * requests that they did not read. `body` comes before `rawBody` so that changes made by middleware count.
 *
 * @throws MalformedRequest where the body is nested too deeply to be rebuilt.
 * @throws Error where the body was read and not kept.
 */
export const requestBody = (
  exchange: Exchange,
): ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null => {
  const { req, parsed = req } = exchange
  if (req.method === "GET" || req.method === "HEAD" || !announcesBody(req)) return null
  if (!req.readableDidRead) return req.readableEnded ? null : streamBody(exchange)
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

// Not `Readable.toWeb`: cancelling that destroys the request, and with it the connection the answer has to take.
const streamBody = (exchange: Exchange): ReadableStream<Uint8Array> => {
  let release: (() => void) | undefined
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        release ??= attach(exchange, controller)
        exchange.req.resume()
      },
      cancel: () => release?.(),
    },
    // Nothing is read ahead of the first read.
    { highWaterMark: 0 },
  )
}

/** Feeds the stream, and returns what lets go of the request and discards the rest of its body. */
const attach = (
  { req, res }: Exchange,
  controller: ReadableStreamDefaultController<Uint8Array>,
): (() => void) => {
  const readable: Readable = req
  // "finish" of an `Http2ServerResponse` waits for the request to end, which may wait for us.
  const answer = isHttp2(req) ? req.stream : res
  const onData = (chunk: Uint8Array): void => {
    // In this order, because `enqueue` may pull, and so resume, at once.
    req.pause()
    controller.enqueue(chunk)
  }
  const stopWatching = finished(readable, { writable: false }, (error) => {
    release()
    if (error) controller.error(error)
    else controller.close()
  })
  // Node discards only bodies that were not read at all; one read halfway would block a kept-alive connection.
  const onAnswered = (): void => {
    release()
    controller.error(new Error("The answer was finished before the request body was read"))
  }
  const release = (): void => {
    req.off("data", onData)
    answer.off("finish", onAnswered)
    stopWatching()
    req.resume()
  }
  req.on("data", onData)
  answer.once("finish", onAnswered)
  return release
}

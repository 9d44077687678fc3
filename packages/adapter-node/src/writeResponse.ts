import { setImmediate as afterThisTurn } from "node:timers/promises"
import { isHttp2, type Exchange, type NodeResponse } from "./Exchange.ts"

type Reader = ReadableStreamDefaultReader<Uint8Array>

// RFC 9113 section 8.2.2: HTTP/2 has none of these, and Node warns about each.
const connectionSpecific = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
])

/**
 * Writes a Response to the exchange's `res`, and resolves when all of it has been handed to Node. A body that is
 * whole already goes out in one piece with its length; any other is streamed, its headers sent at once, each chunk
 * flushed, and no more of it read than the client takes.
 *
 * When `signal` aborts, the body is cancelled and nothing more is written. The same goes for a response that
 * someone else has begun to write.
 *
 * @throws whatever the body fails with. After the first byte the connection is destroyed too, so that the client
 * sees a truncated answer and not a complete one.
 */
export const writeResponse = async (
  response: Response,
  exchange: Exchange,
  signal: AbortSignal,
): Promise<void> => {
  const { req, res } = exchange
  if (signal.aborted || res.headersSent) return discard(response.body)
  if (isShort(response) && req.method !== "HEAD") {
    const bytes = await response.bytes()
    // Answers that are there in one turn of the event loop go out one after the other: only the first write wakes up who
    // reads them, and takes two to three times as long as the next ones.
    await afterThisTurn()
    if (signal.aborted || res.headersSent) return
    writeHead(response, exchange)
    return endWith(res, bytes)
  }
  if (response.body === null || req.method === "HEAD") {
    writeHead(response, exchange)
    res.end()
    return discard(response.body)
  }
  const reader: Reader = response.body.getReader()
  let read = reader.read()
  let result = await ifReady(read)
  let chunk: Uint8Array | undefined
  if (result?.done === false) {
    chunk = result.value
    read = reader.read()
    result = await ifReady(read)
  }
  if (signal.aborted) return discard(reader)
  writeHead(response, exchange)
  if (result?.done !== true) return streamBody(reader, chunk, read, exchange, signal)
  // Throws for a chunk that is not bytes, whose length would be told wrong.
  if (!res.hasHeader("content-length"))
    res.setHeader("content-length", chunk === undefined ? 0 : chunk.byteLength)
  endWith(res, chunk)
}

// What says how long it is, is not a stream of something that happens now; Mooring's are read without any.
const isShort = ({ headers }: Response): boolean => {
  const length = headers.get("content-length")
  return length !== null && Number(length) <= maxJoinedBytes
}

const endWith = (res: NodeResponse, bytes: Uint8Array | undefined): void => {
  if (bytes === undefined || bytes.byteLength > maxJoinedBytes) res.end(bytes)
  else res.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1"), "latin1")
}

// Node joins the headers and a body that is a text into one write, and hands the system two pieces otherwise, which
// takes twice as long. In Latin-1 every byte is a character and back, whatever the text is encoded in.
const maxJoinedBytes = 16 * 1024

const writeHead = (response: Response, { req, res }: Exchange): void => {
  const http2 = isHttp2(req)
  res.statusCode = response.status
  if (!http2 && response.statusText !== "") res.statusMessage = response.statusText
  for (const [name, value] of response.headers) {
    if (http2 && connectionSpecific.has(name)) continue
    // The two that middleware before us (sessions, CORS) sets as well, and that must not be lost.
    if (name === "set-cookie" || name === "vary") res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
}

// A body made of a string or of bytes is read within microtasks. All of them run before a tick that one of them
// asks for, but not before a tick that is asked for in between.
const ifReady = <A>(promise: Promise<A>): Promise<A | undefined> =>
  Promise.race([
    promise,
    new Promise<undefined>((resolve) => queueMicrotask(() => process.nextTick(resolve))),
  ])

const streamBody = async (
  reader: Reader,
  first: Uint8Array | undefined,
  read: ReturnType<Reader["read"]>,
  { req, res }: Exchange,
  signal: AbortSignal,
): Promise<void> => {
  let wake = (): void => {}
  // One listener for the whole stream: behind `compression()`, those that `once` adds are never removed.
  res.on("drain", () => wake())
  signal.addEventListener("abort", () => {
    discard(reader)
    wake()
  })
  try {
    res.flushHeaders?.()
    let chunk = first
    for (;;) {
      if (chunk !== undefined && !writeChunk(res, chunk)) {
        await new Promise<void>((resolve) => (wake = resolve))
      }
      const result = await read
      if (signal.aborted) return
      if (result.done) break
      chunk = result.value
      read = reader.read()
    }
    res.end()
  } catch (error) {
    if (signal.aborted) return
    discard(reader)
    // Code 2 is INTERNAL_ERROR: an HTTP/2 stream that is only destroyed ends without an error for the client.
    if (isHttp2(req)) req.stream.close(2)
    else res.destroy()
    throw error
  }
}

const writeChunk = (res: NodeResponse, chunk: Uint8Array): boolean => {
  const hasRoom = res.write(chunk)
  res.flush?.()
  return hasRoom
}

// Neither waited for nor listened to: nobody is left whom a producer that fails to stop would concern.
const discard = (body: { readonly cancel: () => Promise<void> } | null): void => {
  body?.cancel().catch(() => {})
}

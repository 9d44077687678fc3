import { finished, type Readable } from "node:stream"
import { isHttp2, type Exchange } from "./Exchange.ts"

/** The body of a request that nobody has read yet. One of the two may be called, once. */
export class UnreadBody {
  readonly #exchange: Exchange

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  /**
   * As it comes. Not `Readable.toWeb`: cancelling that destroys the request, and with it the connection the answer has
   * to take.
   */
  stream(): ReadableStream<Uint8Array> {
    const { req } = this.#exchange
    let release: (() => void) | undefined
    return new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          release ??= read(this.#exchange, {
            chunk: (chunk) => {
              // In this order, because `enqueue` may pull, and so resume, at once.
              req.pause()
              controller.enqueue(chunk)
            },
            end: () => controller.close(),
            fail: (error) => controller.error(error),
          })
          req.resume()
        },
        cancel: () => release?.(),
      },
      // Nothing is read ahead of the first read.
      { highWaterMark: 0 },
    )
  }

  /** All of it, however much that is. */
  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      const chunks: Array<Uint8Array> = []
      read(this.#exchange, {
        chunk: (chunk) => chunks.push(chunk),
        end: () => resolve(Buffer.concat(chunks)),
        fail: reject,
      })
    })
  }
}

interface Reader {
  readonly chunk: (chunk: Uint8Array) => void
  readonly end: () => void
  readonly fail: (error: Error) => void
}

/** Hands on the body, and returns what lets go of the request and discards the rest. */
const read = ({ req, res }: Exchange, { chunk, end, fail }: Reader): (() => void) => {
  const readable: Readable = req
  // "finish" of an `Http2ServerResponse` waits for the request to end, which may wait for us.
  const answer = isHttp2(req) ? req.stream : res
  const stopWatching = finished(readable, { writable: false }, (error) => {
    release()
    if (error) fail(error)
    else end()
  })
  // Node discards only bodies that were not read at all; one read halfway would block a kept-alive connection.
  const onAnswered = (): void => {
    release()
    fail(new Error("The answer was finished before the request body was read"))
  }
  const release = (): void => {
    req.off("data", chunk)
    answer.off("finish", onAnswered)
    stopWatching()
    req.resume()
  }
  req.on("data", chunk)
  answer.once("finish", onAnswered)
  return release
}

import type { Transform } from "node:stream"
import type { Dispatcher } from "undici"
import { type ContentCoding, decoder } from "./contentCoding.ts"
import { EventMeter } from "./EventMeter.ts"
import { ResponseTooLarge } from "./ResponseTooLarge.ts"

/** How far a stream may run ahead of its reader, in bytes, before the connection is paused. */
const readAhead = 64 * 1024
/**
 * When it goes on. Undici reads what it has left of its last packet anew each time: were it paused after every event of
 * a few bytes, that would take the square of the time.
 */
const resumeBelow = readAhead / 4

/**
 * The body of an event stream, handed on as it comes: decoded, measured event by event, and no faster than it is
 * read. Cancelling it closes the connection.
 */
export class EventStreamBody {
  readonly readable: ReadableStream<Uint8Array>
  readonly #upstream: Dispatcher.DispatchController
  readonly #coding: ContentCoding | undefined
  readonly #meter: EventMeter
  readonly #tooLarge: () => ResponseTooLarge
  readonly #ended: () => void
  #sink: ReadableStreamDefaultController<Uint8Array> | undefined
  #decoder: Transform | undefined
  #isOpen = true

  /** `ended` is called once, however the stream ends. */
  constructor(
    upstream: Dispatcher.DispatchController,
    coding: ContentCoding | undefined,
    limit: { readonly host: string; readonly maxEventBytes: number },
    ended: () => void,
  ) {
    this.#upstream = upstream
    this.#coding = coding
    this.#meter = new EventMeter(limit.maxEventBytes)
    this.#tooLarge = () =>
      new ResponseTooLarge({ host: limit.host, part: "event", maxBytes: limit.maxEventBytes })
    this.#ended = ended
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (sink) => {
          this.#sink = sink
        },
        pull: (sink) => {
          if (readAhead - (sink.desiredSize ?? 0) < resumeBelow) (this.#decoder ?? upstream).resume()
        },
        cancel: () => this.#close(() => upstream.abort(new Error("The event stream was cancelled."))),
      },
      { highWaterMark: readAhead, size: (chunk) => chunk.byteLength },
    )
  }

  /** A chunk as it came from the connection. */
  push(chunk: Uint8Array): void {
    if (!this.#isOpen) return
    if (this.#coding === undefined) return this.#deliver(chunk)
    this.#decoder ??= this.#decode(this.#coding, chunk)
    if (!this.#decoder.write(chunk)) this.#upstream.pause()
  }

  /** The response is complete. */
  end(): void {
    if (this.#decoder === undefined) this.#close(() => this.#sink?.close())
    else this.#decoder.end()
  }

  /** Ends the stream with an error for its reader. Closes the connection if it is still there. */
  fail(error: unknown): void {
    this.#close(() => {
      this.#sink?.error(error)
      this.#upstream.abort(error instanceof Error ? error : new Error("The event stream was aborted."))
    })
  }

  #deliver(chunk: Uint8Array): void {
    if (this.#meter.exceeds(chunk)) return this.fail(this.#tooLarge())
    this.#sink?.enqueue(chunk)
    if ((this.#sink?.desiredSize ?? 0) <= 0) (this.#decoder ?? this.#upstream).pause()
  }

  #decode(coding: ContentCoding, firstChunk: Uint8Array): Transform {
    return decoder(coding, firstChunk)
      .on("data", (chunk: Uint8Array) => this.#deliver(chunk))
      .on("drain", () => this.#upstream.resume())
      .on("end", () => this.#close(() => this.#sink?.close()))
      .on("error", (error) => this.fail(new TypeError("terminated", { cause: error })))
  }

  #close(how: () => void): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    how()
    this.#decoder?.destroy()
    this.#ended()
  }
}

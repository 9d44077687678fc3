import { Readable } from "node:stream"
import type { Dispatcher } from "undici"
import { BodyBuffer } from "./BodyBuffer.ts"
import { contentCoding, decode } from "./contentCoding.ts"
import { EventStreamBody } from "./EventStreamBody.ts"
import { EventStreamResponse, FetchedResponse } from "./FetchedResponse.ts"
import { fetchFailure, timedOut } from "./fetchFailure.ts"
import { type OutgoingRequest, wireHeaders } from "./OutgoingRequest.ts"
import { ResponseTooLarge } from "./ResponseTooLarge.ts"

export interface ExchangeOptions {
  /** Of the decoded body, or of one event of an event stream. */
  readonly maxResponseBytes: number
  /** The whole time that a call of `fetch` has. */
  readonly totalTimeoutMs: number
  /** What of it is left for this exchange. */
  readonly remainingMs: number
  readonly redirected: boolean
}

/**
 * Sends one request and gives its response, without following a redirect: with the body as a stream if the caller asked
 * for an event stream and got one, and complete otherwise. It listens to undici's dispatcher itself: one object for each
 * exchange, where `undici.request` builds a Node stream for every body.
 */
export const exchange = (
  dispatcher: Dispatcher,
  request: OutgoingRequest,
  options: ExchangeOptions,
): Promise<FetchedResponse> =>
  new Promise((resolve, reject) => {
    const { body, method, signal, url } = request
    if (signal?.aborted === true) return reject(signal.reason)
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: wireHeaders(request),
        body: body instanceof ReadableStream ? Readable.fromWeb(body) : body,
      },
      new Exchange(request, options, resolve, reject),
    )
  })

class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: OutgoingRequest
  readonly #options: ExchangeOptions
  readonly #resolve: (response: FetchedResponse) => void
  readonly #reject: (reason: unknown) => void
  readonly #timer: NodeJS.Timeout
  readonly #buffer: BodyBuffer
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #statusText = ""
  #headers: ResponseHeaders = {}
  #stream: EventStreamBody | undefined
  #isOver = false

  constructor(
    request: OutgoingRequest,
    options: ExchangeOptions,
    resolve: (response: FetchedResponse) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#request = request
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
    this.#buffer = new BodyBuffer(options.maxResponseBytes)
    this.#timer = setTimeout(
      () => this.#stop(fetchFailure(timedOut(options.totalTimeoutMs))),
      options.remainingMs,
    )
    request.signal?.addEventListener("abort", this.#onAbort)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // The caller went away while the connection was being made.
    if (this.#isOver) controller.abort(new Error("The request was aborted."))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
    statusText = "",
  ): void {
    if (this.#isOver || status < 200) return
    this.#status = status
    this.#statusText = statusText
    this.#headers = headers
    if (this.#isEventStream()) return this.#openStream(controller)
    if (this.#hasBody() && Number(headers["content-length"]) > this.#options.maxResponseBytes)
      this.#stop(this.#tooLarge())
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stream !== undefined) this.#stream.push(chunk)
    else if (!this.#isOver && !this.#buffer.append(chunk)) this.#stop(this.#tooLarge())
  }

  onResponseEnd(): void {
    if (this.#stream !== undefined) return this.#stream.end()
    if (this.#isOver) return
    const bytes = this.#buffer.bytes
    const coding =
      this.#hasBody() && bytes.length > 0 ? contentCoding(text(this.#headers["content-encoding"])) : undefined
    if (coding === undefined) return this.#complete(bytes, false)
    decode(coding, bytes, this.#options.maxResponseBytes, (error, decoded) => {
      if (error === null) return this.#complete(decoded, true)
      const isTooLarge = "code" in error && error.code === "ERR_BUFFER_TOO_LARGE"
      this.#stop(isTooLarge ? this.#tooLarge() : fetchFailure(error))
    })
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#stop(
      this.#stream === undefined ? fetchFailure(error) : new TypeError("terminated", { cause: error }),
    )
  }

  readonly #onAbort = (): void => this.#stop(this.#request.signal?.reason)

  /** Ends the exchange with an error for whoever waits: for the response, or for more of its stream. */
  #stop(reason: unknown): void {
    if (this.#isOver) return
    if (this.#stream !== undefined) return this.#stream.fail(reason)
    this.#finish()
    this.#reject(reason)
    this.#controller?.abort(reason instanceof Error ? reason : new Error("The request was aborted."))
  }

  #complete(bytes: Uint8Array, isDecoded: boolean): void {
    if (this.#isOver) return
    this.#finish()
    try {
      const init = this.#responseInit(isDecoded)
      this.#resolve(new FetchedResponse(this.#hasBody() ? bytes : null, init, this.#origin()))
    } catch (error) {
      // `Response` knows no status above 599 and no header with odd characters.
      this.#reject(fetchFailure(error))
    }
  }

  #openStream(controller: Dispatcher.DispatchController): void {
    clearTimeout(this.#timer)
    const { maxResponseBytes, totalTimeoutMs } = this.#options
    const coding = contentCoding(text(this.#headers["content-encoding"]))
    const limit = { host: this.#request.url.hostname, maxEventBytes: maxResponseBytes }
    this.#stream = new EventStreamBody(controller, coding, limit, () => this.#finish())
    this.#resolve(
      new EventStreamResponse(
        this.#stream.readable,
        this.#responseInit(coding !== undefined),
        this.#origin(),
        {
          maxBytes: maxResponseBytes,
          timeoutMs: totalTimeoutMs,
        },
      ),
    )
  }

  /**
   * A stream is what was asked for, and a success. Anything else is a body with a limit and a deadline: whoever fetches
   * metadata or a token reads the response to its end, and a hostile server must not choose that there is none.
   */
  #isEventStream(): boolean {
    return (
      this.#status < 300 &&
      this.#hasBody() &&
      /^text\/event-stream *(;|$)/i.test(text(this.#headers["content-type"]) ?? "") &&
      (this.#request.headers.get("accept") ?? "").includes("text/event-stream")
    )
  }

  /** Fetch, section 2.2.3: null body status; RFC 9110, section 9.3.2: HEAD. */
  #hasBody(): boolean {
    const status = this.#status
    return status !== 204 && status !== 205 && status !== 304 && this.#request.method !== "HEAD"
  }

  #responseInit(isDecoded: boolean): ResponseInit {
    const headers = new Headers()
    for (const name in this.#headers) {
      if (isDecoded && (name === "content-encoding" || name === "content-length")) continue
      const value = this.#headers[name]
      if (typeof value === "string") headers.append(name, value)
      else for (const one of value ?? []) headers.append(name, one)
    }
    // A reason phrase may have characters that `Response` refuses; nothing depends on it.
    const statusText = /^[\t\x20-\x7e\x80-\xff]*$/.test(this.#statusText) ? this.#statusText : ""
    return { status: this.#status, statusText, headers }
  }

  #origin() {
    return { url: this.#request.url, redirected: this.#options.redirected }
  }

  #tooLarge(): TypeError {
    const { maxResponseBytes } = this.#options
    return fetchFailure(
      new ResponseTooLarge({ host: this.#request.url.hostname, part: "body", maxBytes: maxResponseBytes }),
    )
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#request.signal?.removeEventListener("abort", this.#onAbort)
  }
}

type ResponseHeaders = Record<string, string | Array<string> | undefined>

const text = (header: string | Array<string> | undefined): string | undefined =>
  typeof header === "string" ? header : header?.join(", ")

import { Readable } from "node:stream"
import type { Dispatcher } from "undici"
import { type Answer, headerOf } from "./Answer.ts"
import { BodyBuffer } from "./BodyBuffer.ts"
import { contentCoding, decode } from "./contentCoding.ts"
import { EventStreamBody } from "./EventStreamBody.ts"
import type { ResponseHead } from "./FetchedResponse.ts"
import { fetchFailure, timedOut } from "./fetchFailure.ts"
import type { RequestBody } from "./OutgoingRequest.ts"
import { ResponseTooLarge } from "./ResponseTooLarge.ts"

/** One request as it goes on the wire. */
export interface ExchangeRequest {
  readonly url: URL
  readonly method: string
  /** Names and values in turn. They were checked. */
  readonly headers: Array<string>
  readonly body: RequestBody | null
  readonly signal: AbortSignal | null
  /** Whether an event stream is what was asked for. */
  readonly wantsEvents: boolean
}

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
 * Sends one request and gives its answer, without following a redirect: with the body as a stream if the caller asked
 * for an event stream and got one, and complete otherwise. It listens to undici's dispatcher itself: one object for
 * each exchange, where `undici.request` builds a Node stream for every body.
 */
export const exchange = (
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  options: ExchangeOptions,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { headers, method, signal, url } = request
    if (signal?.aborted === true) return reject(signal.reason)
    const body = request.body instanceof ReadableStream ? Readable.fromWeb(request.body) : request.body
    const handler = new Exchange(request, options, resolve, (reason) => {
      if (body instanceof Readable) body.on("error", ignore).destroy()
      reject(reason)
    })
    dispatcher.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method, headers, body },
      handler,
    )
  })

class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: ExchangeRequest
  readonly #options: ExchangeOptions
  readonly #resolve: (answer: Answer) => void
  readonly #reject: (reason: unknown) => void
  readonly #timer: NodeJS.Timeout
  readonly #buffer: BodyBuffer
  #controller: Dispatcher.DispatchController | undefined
  #head: ResponseHead | undefined
  #stream: EventStreamBody | undefined
  #isOver = false

  constructor(
    request: ExchangeRequest,
    options: ExchangeOptions,
    resolve: (answer: Answer) => void,
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
    if (this.#isOver) controller.abort(aborted())
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHead["headers"],
    statusText = "",
  ): void {
    // An informational response comes before the real one (RFC 9110, section 15.2).
    if (this.#isOver || status < 200) return
    const { redirected } = this.#options
    this.#head = { status, statusText, headers, url: this.#request.url, redirected }
    if (isEventStream(this.#request, this.#head)) return this.#openStream(controller, this.#head)
    if (
      hasBody(this.#request, status) &&
      Number(headers["content-length"]) > this.#options.maxResponseBytes
    ) {
      this.#stop(this.#tooLarge())
    }
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stream !== undefined) this.#stream.push(chunk)
    else if (!this.#isOver && !this.#buffer.append(chunk)) this.#stop(this.#tooLarge())
  }

  onResponseEnd(): void {
    if (this.#stream !== undefined) return this.#stream.end()
    if (this.#isOver || this.#head === undefined) return
    const head = this.#head
    if (!hasBody(this.#request, head.status)) return this.#complete(null, head, false)
    const { bytes } = this.#buffer
    const coding = contentCoding(headerOf(head, "content-encoding"))
    if (coding === undefined) return this.#complete(bytes, head, false)
    decode(coding, bytes, this.#options.maxResponseBytes, (error, decoded) => {
      if (error === null) return this.#complete(decoded, head, true)
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
    this.#controller?.abort(reason instanceof Error ? reason : aborted())
  }

  #complete(bytes: Uint8Array | null, head: ResponseHead, isDecoded: boolean): void {
    if (this.#isOver) return
    this.#finish()
    this.#resolve({ type: "complete", head, isDecoded, bytes })
  }

  #openStream(controller: Dispatcher.DispatchController, head: ResponseHead): void {
    const { maxResponseBytes, totalTimeoutMs } = this.#options
    const coding = contentCoding(headerOf(head, "content-encoding"))
    const limit = { host: head.url.hostname, maxEventBytes: maxResponseBytes }
    const stream = new EventStreamBody(controller, coding, limit, () => this.#finish())
    clearTimeout(this.#timer)
    this.#stream = stream
    this.#resolve({
      type: "events",
      head,
      isDecoded: coding !== undefined,
      events: stream.readable,
      limit: { maxBytes: maxResponseBytes, timeoutMs: totalTimeoutMs },
    })
  }

  #tooLarge(): TypeError {
    const { maxResponseBytes: maxBytes } = this.#options
    return fetchFailure(new ResponseTooLarge({ host: this.#request.url.hostname, part: "body", maxBytes }))
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#request.signal?.removeEventListener("abort", this.#onAbort)
  }
}

/**
 * A stream is what was asked for, and a success. Anything else is a body with a limit and a deadline: whoever fetches
 * metadata or a token reads the response to its end, and a hostile server must not choose that there is none.
 */
const isEventStream = (request: ExchangeRequest, head: ResponseHead): boolean =>
  request.wantsEvents &&
  head.status < 300 &&
  hasBody(request, head.status) &&
  /^text\/event-stream *(;|$)/i.test(headerOf(head, "content-type") ?? "")

/** Fetch, section 2.2.3: null body status; RFC 9110, section 9.3.2: HEAD. */
const hasBody = ({ method }: ExchangeRequest, status: number): boolean =>
  status !== 204 && status !== 205 && status !== 304 && method !== "HEAD"

const aborted = () => new Error("The request was aborted.")

const ignore = () => {}

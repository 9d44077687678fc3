import { BodyBuffer } from "./BodyBuffer.ts"
import { timedOut } from "./fetchFailure.ts"
import { ResponseTooLarge } from "./ResponseTooLarge.ts"

/** Where a response came from. */
export interface ResponseOrigin {
  readonly url: URL
  /** Whether redirects were followed on the way. */
  readonly redirected: boolean
}

/** A global `Response` that knows its URL, as one of global `fetch` does and a constructed one does not. */
export class FetchedResponse extends Response {
  override readonly url: string
  override readonly redirected: boolean

  constructor(
    body: Uint8Array | ReadableStream<Uint8Array> | null,
    init: ResponseInit,
    origin: ResponseOrigin,
  ) {
    super(body, init)
    this.url = origin.url.href
    this.redirected = origin.redirected
  }
}

/**
 * A response whose body is an event stream. A reader of `body` may follow it for days; read as a whole, by `text` or
 * `json`, it is a body as any other, with the same limits. (Callers read a response whole to drain or to parse it, and
 * a hostile server answers them with a stream that never ends.)
 */
export class EventStreamResponse extends FetchedResponse {
  readonly #limit: { readonly maxBytes: number; readonly timeoutMs: number }

  constructor(
    body: ReadableStream<Uint8Array>,
    init: ResponseInit,
    origin: ResponseOrigin,
    limit: { readonly maxBytes: number; readonly timeoutMs: number },
  ) {
    super(body, init, origin)
    this.#limit = limit
  }

  override readonly text = async () => new TextDecoder().decode(await this.bytes())

  override readonly json = async () => JSON.parse(await this.text())

  override readonly arrayBuffer = async () => (await this.bytes()).buffer

  override readonly blob = async () =>
    new Blob([await this.bytes()], { type: this.headers.get("content-type") ?? "" })

  override readonly bytes = async () => {
    const { maxBytes, timeoutMs } = this.#limit
    const buffer = new BodyBuffer(maxBytes)
    const reader = this.body?.getReader()
    if (reader === undefined) return new Uint8Array(0)
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      void reader.cancel()
    }, timeoutMs)
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (isLate) throw timedOut(timeoutMs)
        if (done) return new Uint8Array(buffer.bytes)
        if (!buffer.append(value)) {
          await reader.cancel()
          throw new ResponseTooLarge({ host: new URL(this.url).hostname, part: "body", maxBytes })
        }
      }
    } finally {
      clearTimeout(timer)
    }
  }
}

import { WholeResponse } from "../../web/WholeResponse.ts"
import { BodyBuffer } from "./BodyBuffer.ts"
import { fetchFailure, timedOut } from "./fetchFailure.ts"
import { ResponseTooLarge } from "./ResponseTooLarge.ts"

/** Status line and headers as undici gives them. */
export interface ResponseHead {
  readonly status: number
  readonly statusText: string
  readonly headers: Readonly<Record<string, string | Array<string> | undefined>>
  readonly url: URL
  /** Whether redirects were followed on the way. */
  readonly redirected: boolean
}

/** A global `Response` that knows its URL, as one of global `fetch` does and a constructed one does not. */
export class FetchedResponse extends Response {
  override readonly url: string
  override readonly redirected: boolean

  /** `isDecoded`: the body no longer has the content coding and length that its headers tell. */
  constructor(body: Uint8Array | ReadableStream<Uint8Array> | null, head: ResponseHead, isDecoded: boolean) {
    super(body, responseInit(head, isDecoded))
    this.url = head.url.href
    this.redirected = head.redirected
  }
}

/** The same with a body that is there. */
export class CompleteResponse extends WholeResponse {
  override readonly url: string
  override readonly redirected: boolean

  constructor(bytes: Uint8Array, head: ResponseHead, isDecoded: boolean) {
    super(bytes, responseInit(head, isDecoded))
    this.url = head.url.href
    this.redirected = head.redirected
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
    head: ResponseHead,
    isDecoded: boolean,
    limit: { readonly maxBytes: number; readonly timeoutMs: number },
  ) {
    super(body, head, isDecoded)
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
        if (isLate) throw fetchFailure(timedOut(timeoutMs))
        if (done) return new Uint8Array(buffer.bytes)
        if (!buffer.append(value)) {
          await reader.cancel()
          throw fetchFailure(
            new ResponseTooLarge({ host: new URL(this.url).hostname, part: "body", maxBytes }),
          )
        }
      }
    } finally {
      clearTimeout(timer)
    }
  }
}

const responseInit = (
  { headers: received, status, statusText }: ResponseHead,
  isDecoded: boolean,
): ResponseInit => {
  const headers = new Headers()
  for (const name in received) {
    if (isDecoded && (name === "content-encoding" || name === "content-length")) continue
    const value = received[name]
    if (typeof value === "string") headers.append(name, value)
    else for (const one of value ?? []) headers.append(name, one)
  }
  // A reason phrase may have characters that `Response` refuses; nothing depends on it.
  return { status, statusText: /^[\t\x20-\x7e\x80-\xff]*$/.test(statusText) ? statusText : "", headers }
}

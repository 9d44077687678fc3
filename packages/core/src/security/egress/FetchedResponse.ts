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

/**
 * A response whose body is there. It is read as text or JSON without the stream that the class would make of it first,
 * which takes longer than the rest of a small response; whoever wants anything else gets it from the class.
 */
export class CompleteResponse extends FetchedResponse {
  readonly #bytes: Uint8Array
  #whole: Response | undefined
  #isRead = false

  constructor(bytes: Uint8Array, head: ResponseHead, isDecoded: boolean) {
    super(null, head, isDecoded)
    this.#bytes = bytes
  }

  // To TypeScript these are fields of the class, to JavaScript they are accessors.
  static {
    Object.defineProperties(this.prototype, {
      body: {
        get(this: CompleteResponse) {
          return this.#rest().body
        },
      },
      bodyUsed: {
        get(this: CompleteResponse) {
          return this.#isRead || (this.#whole?.bodyUsed ?? false)
        },
      },
    })
  }

  override readonly text = async () => {
    if (this.#whole !== undefined) return this.#whole.text()
    if (this.#isRead) throw new TypeError("The body was already read.")
    this.#isRead = true
    return new TextDecoder().decode(this.#bytes)
  }

  override readonly json = async () => JSON.parse(await this.text())

  override readonly arrayBuffer = () => this.#rest().arrayBuffer()

  override readonly bytes = () => this.#rest().bytes()

  override readonly blob: Response["blob"] = () => this.#rest().blob()

  override readonly formData: Response["formData"] = () => this.#rest().formData()

  override readonly clone: Response["clone"] = () => this.#rest().clone()

  #rest(): Response {
    if (this.#isRead) throw new TypeError("The body was already read.")
    const { headers, status, statusText } = this
    this.#whole ??= new Response(this.#bytes, { headers, status, statusText })
    return this.#whole
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

import { SignalledRequest } from "./SignalledRequest.ts"
import { UnreadBody } from "./UnreadBody.ts"

/** The body of a {@link DeferredRequest}. */
export type DeferredBody = UnreadBody | Uint8Array<ArrayBuffer>

/**
 * A request whose body becomes a stream only where somebody wants one: `Request` makes one of every body at once, which
 * takes longer than the rest of a small request.
 *
 * The body is there for the methods and fields of this object, and not for `new Request(request)`. So only who has said
 * that it does without (`Mountable.fetch`) gets one.
 */
export class DeferredRequest extends SignalledRequest {
  readonly #content: DeferredBody
  #whole: Request | undefined
  #isRead = false

  // To TypeScript these are fields of the class, to JavaScript accessors and methods that all requests share.
  static {
    Object.defineProperties(this.prototype, {
      body: {
        get(this: DeferredRequest) {
          return this.#rest().body
        },
      },
      bodyUsed: {
        get(this: DeferredRequest) {
          return this.#isRead || (this.#whole?.bodyUsed ?? false)
        },
      },
      clone: {
        value(this: DeferredRequest) {
          return this.#rest().clone()
        },
      },
      bytes: {
        async value(this: DeferredRequest) {
          if (this.#isRead || this.#whole !== undefined) return this.#rest().bytes()
          this.#isRead = true
          return this.#content instanceof UnreadBody ? this.#content.bytes() : this.#content
        },
      },
    })
    for (const method of ["arrayBuffer", "blob", "formData", "json", "text"] as const) {
      Object.defineProperty(this.prototype, method, {
        async value(this: DeferredRequest) {
          return this.#rest()[method]()
        },
      })
    }
  }

  constructor(url: URL, init: RequestInit, signal: AbortSignal, content: DeferredBody) {
    super(url, init, signal)
    this.#content = content
  }

  #rest(): Request {
    if (this.#isRead) throw new TypeError("The body was already read.")
    this.#whole ??= undeferred(this.url, this, this.signal, this.#content)
    return this.#whole
  }
}

/** The request with its body from the start. */
export const undeferred = (
  url: URL | string,
  { headers, method }: { readonly headers: Headers | Array<[string, string]>; readonly method: string },
  signal: AbortSignal,
  content: DeferredBody,
): Request => {
  const body = content instanceof UnreadBody ? content.stream() : content
  return new SignalledRequest(url, { method, headers, body, duplex: "half" }, signal)
}

/**
 * A request whose signal is the one that it was given. `Request` would make one of its own that follows it, with weak
 * references and a finalizer for each request.
 */
export class SignalledRequest extends Request {
  readonly #signal: AbortSignal

  // To TypeScript it is a field of the class, to JavaScript an accessor.
  static {
    Object.defineProperty(this.prototype, "signal", {
      get(this: SignalledRequest) {
        return this.#signal
      },
    })
  }

  constructor(url: URL | string, init: RequestInit, signal: AbortSignal) {
    super(url, init)
    this.#signal = signal
  }
}

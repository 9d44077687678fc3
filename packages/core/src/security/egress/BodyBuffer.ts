const firstGrowth = 64 * 1024

/**
 * Collects a body in one array that grows. (Kept as separate chunks, a body that is sent byte by byte would take a
 * hundred times its size.)
 */
export class BodyBuffer {
  readonly #maxBytes: number
  #array: Uint8Array | undefined
  #length = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds a chunk; false, without adding it, if the body would have more bytes than allowed. */
  append(chunk: Uint8Array): boolean {
    const length = this.#length + chunk.length
    if (length > this.#maxBytes) return false
    if (this.#array === undefined) {
      // Most bodies are a single chunk, which then is never copied.
      this.#array = chunk
    } else {
      if (length > this.#array.length) this.#grow(length)
      this.#array.set(chunk, this.#length)
    }
    this.#length = length
    return true
  }

  /** The bytes so far. */
  get bytes(): Uint8Array {
    return this.#array === undefined ? new Uint8Array(0) : this.#array.subarray(0, this.#length)
  }

  #grow(length: number): void {
    const grown = new Uint8Array(Math.max(length, Math.min(2 * length, this.#maxBytes), firstGrowth))
    grown.set(this.bytes)
    this.#array = grown
  }
}

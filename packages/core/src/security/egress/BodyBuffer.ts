import { Buffer } from "node:buffer"

const smallestBlock = 64 * 1024
const largestBlock = 1024 * 1024

/**
 * Collects a body in blocks. Nothing of it is copied a second time while it grows, since a server chooses how long that
 * goes on; kept as they come, the chunks of a body that is sent byte by byte would take a hundred times its size, and
 * those of a large one would lie about in memory long after it was refused.
 */
export class BodyBuffer {
  readonly #maxBytes: number
  readonly #parts: Array<Uint8Array> = []
  /** Where chunks go, after the parts. */
  #block = new Uint8Array(0)
  #filled = 0
  #length = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds a chunk; false, without adding it, if the body would have more bytes than allowed. */
  append(chunk: Uint8Array): boolean {
    const length = this.#length + chunk.length
    if (length > this.#maxBytes) return false
    // Most bodies are a single chunk, which then is never copied.
    if (this.#length === 0) this.#parts.push(chunk)
    else this.#copy(chunk)
    this.#length = length
    return true
  }

  /** The bytes so far. */
  get bytes(): Uint8Array {
    this.#closeBlock()
    const [first = this.#block] = this.#parts
    return this.#parts.length < 2 ? first : Buffer.concat(this.#parts, this.#length)
  }

  #copy(chunk: Uint8Array): void {
    if (this.#filled + chunk.length > this.#block.length) {
      this.#closeBlock()
      const size = Math.min(Math.max(this.#length, smallestBlock), largestBlock)
      this.#block = new Uint8Array(Math.max(size, chunk.length))
    }
    this.#block.set(chunk, this.#filled)
    this.#filled += chunk.length
  }

  #closeBlock(): void {
    if (this.#filled > 0) this.#parts.push(this.#block.subarray(0, this.#filled))
    this.#block = new Uint8Array(0)
    this.#filled = 0
  }
}

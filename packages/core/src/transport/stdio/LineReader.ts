/** Cuts a stream of bytes into lines, and refuses to gather more than `maxBytes` for one of them. */
export class LineReader {
  readonly #maxBytes: number
  /** The pieces of the line that has not ended yet: joined once, so that a long line costs no repeated copying. */
  #pieces: Array<Buffer> = []
  #length = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The lines that end within the chunk, without their line ends and without empty ones. */
  push(chunk: Buffer): ReadonlyArray<string> | "too-long" {
    const lines: Array<string> = []
    let start = 0
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      if (!this.#gather(chunk.subarray(start, end))) return "too-long"
      const line = Buffer.concat(this.#pieces, this.#length).toString("utf8").trim()
      this.#pieces = []
      this.#length = 0
      if (line !== "") lines.push(line)
      start = end + 1
    }
    return this.#gather(chunk.subarray(start)) ? lines : "too-long"
  }

  #gather(piece: Buffer): boolean {
    this.#length += piece.length
    if (this.#length > this.#maxBytes) return false
    if (piece.length > 0) this.#pieces.push(piece)
    return true
  }
}

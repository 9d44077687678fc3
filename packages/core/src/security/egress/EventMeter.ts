const lineFeed = 10
const carriageReturn = 13

/**
 * Measures the events of an event stream: the bytes since the last blank line (HTML, section 9.2.6). A stream may live
 * for days and has no size worth a limit, but a reader keeps each event whole.
 */
export class EventMeter {
  readonly #maxBytes: number
  #bytes = 0
  #previous = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Counts a chunk; true once an event, complete or not, has more bytes than allowed. */
  exceeds(chunk: Uint8Array): boolean {
    let bytes = this.#bytes
    let previous = this.#previous
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0
      bytes++
      if (byte === lineFeed || byte === carriageReturn) {
        // A line ends in LF, CR or CRLF, so two ends in a row are a blank line, unless they are the CRLF of one.
        const isBlankLine = previous === lineFeed || (previous === carriageReturn && byte === carriageReturn)
        if (bytes > this.#maxBytes) return true
        if (isBlankLine) bytes = 0
      }
      previous = byte
    }
    this.#bytes = bytes
    this.#previous = previous
    return bytes > this.#maxBytes
  }
}

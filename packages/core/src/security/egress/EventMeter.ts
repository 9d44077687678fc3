const lineFeed = 10
const carriageReturn = 13
const colon = 58

/**
 * Measures the events of an event stream: the bytes since the last event that had a field (HTML, section 9.2.6). A
 * stream may live for days and has no size worth a limit, but a reader keeps each event whole. Comments count to the
 * event that follows: those that keep a connection open come to nothing, and a server that sends nothing else is
 * stopped.
 */
export class EventMeter {
  readonly #maxBytes: number
  #bytes = 0
  #previous = lineFeed
  #hasField = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Counts a chunk; true once an event, complete or not, has more bytes than allowed. */
  exceeds(chunk: Uint8Array): boolean {
    let bytes = this.#bytes
    let previous = this.#previous
    let hasField = this.#hasField
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0
      bytes++
      if (byte === lineFeed || byte === carriageReturn) {
        // A line ends in LF, CR or CRLF, so two ends in a row are a blank line, unless they are the CRLF of one.
        const isBlankLine = previous === lineFeed || (previous === carriageReturn && byte === carriageReturn)
        if (bytes > this.#maxBytes) return true
        if (isBlankLine && hasField) {
          bytes = 0
          hasField = false
        }
      } else if ((previous === lineFeed || previous === carriageReturn) && byte !== colon) hasField = true
      previous = byte
    }
    this.#bytes = bytes
    this.#previous = previous
    this.#hasField = hasField
    return bytes > this.#maxBytes
  }
}

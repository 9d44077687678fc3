import type { Readable } from "node:stream"
import type { MessageRate } from "../MessageRate.ts"

/** How long a stream that is ahead is left unread at least, so that not every line has a timer of its own. */
const pauseMs = 20

/**
 * Hands on lines no faster than a rate allows. What has come too early waits, and meanwhile the stream is not read:
 * whoever writes into it is held up when the pipe is full, and everybody else has their turn.
 */
export class PacedLines {
  readonly #rate: MessageRate
  readonly #receive: (line: string) => void

  constructor(rate: MessageRate, receive: (line: string) => void) {
    this.#rate = rate
    this.#receive = receive
  }

  /** @param source the stream that the lines have come from, which hands over no others until these are taken. */
  push(lines: ReadonlyArray<string>, source: Readable): void {
    this.#take(lines, 0, source)
  }

  #take(lines: ReadonlyArray<string>, from: number, source: Readable): void {
    for (let index = from; index < lines.length; index += 1) {
      const wait = this.#rate.take()
      if (wait > 0) {
        source.pause()
        const again = () => {
          if (source.destroyed) return
          source.resume()
          this.#take(lines, index, source)
        }
        setTimeout(again, Math.max(pauseMs, wait)).unref()
        return
      }
      this.#receive(lines[index] ?? "")
    }
  }
}

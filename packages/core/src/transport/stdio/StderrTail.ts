import * as Redacted from "effect/Redacted"

/**
 * Keeps the end of what a command writes to its standard error, and no more. The stream is always read, because a
 * child that nobody reads blocks when its pipe is full.
 */
export class StderrTail {
  readonly #maxBytes: number
  readonly #secrets: ReadonlyArray<Redacted.Redacted<string>>
  #tail: Buffer = Buffer.alloc(0)

  constructor(maxBytes: number, secrets: ReadonlyArray<Redacted.Redacted<string>>) {
    this.#maxBytes = maxBytes
    this.#secrets = secrets
  }

  write(chunk: Buffer): void {
    const joined =
      chunk.length >= this.#maxBytes
        ? chunk
        : Buffer.concat([this.#tail, chunk], this.#tail.length + chunk.length)
    this.#tail = Buffer.from(joined.subarray(Math.max(0, joined.length - this.#maxBytes)))
  }

  /** Without control characters, and with the secrets that the command was given blotted out. */
  text(): string {
    let text = this.#tail.toString("utf8").trim()
    for (const secret of this.#secrets) {
      const value = Redacted.value(secret)
      // A value of a few characters is no secret, and blotting it out would garble the text.
      if (value.length >= 6) text = text.replaceAll(value, "••••")
    }
    // Terminal escapes of the command must not reach a reader's terminal.
    return text
      .replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, "")
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
  }
}

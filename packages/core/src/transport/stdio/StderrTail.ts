import * as Redacted from "effect/Redacted"

/**
 * Keeps the end of what a command writes to its standard error, and no more. The stream is always read, because a
 * child that nobody reads blocks when its pipe is full.
 */
export class StderrTail {
  readonly #maxBytes: number
  readonly #keptBytes: number
  readonly #secrets: ReadonlyArray<string>
  #tail: Buffer = Buffer.alloc(0)

  constructor(maxBytes: number, secrets: ReadonlyArray<Redacted.Redacted<string>>) {
    this.#maxBytes = maxBytes
    // A value of a few characters is no secret, and blotting it out would garble the text.
    this.#secrets = secrets.map(Redacted.value).filter((secret) => secret.length >= 6)
    // So much more is kept that no secret is cut in two before it can be found.
    this.#keptBytes = maxBytes + Math.max(0, ...this.#secrets.map((secret) => Buffer.byteLength(secret)))
  }

  write(chunk: Buffer): void {
    const joined = chunk.length >= this.#keptBytes ? chunk : Buffer.concat([this.#tail, chunk])
    this.#tail = Buffer.from(joined.subarray(Math.max(0, joined.length - this.#keptBytes)))
  }

  /** Without control characters, and with the secrets that the command was given blotted out. */
  text(): string {
    // First the escapes and control characters, which could also stand in the middle of a secret to hide it.
    let text = this.#tail
      .toString("utf8")
      .replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, "")
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
    for (const secret of this.#secrets) text = text.replaceAll(secret, "••••")
    return text.slice(Math.max(0, text.length - this.#maxBytes)).trim()
  }
}

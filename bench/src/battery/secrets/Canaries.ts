import { randomBytes } from "node:crypto"

/** Secrets that can be told from everything else, by where they were put. */
export class Canaries {
  readonly #secrets = new Map<string, string>()

  /** A new secret for a place. */
  readonly make = (place: string): string => {
    const secret = `canary-${randomBytes(18).toString("hex")}`
    this.#secrets.set(place, secret)
    return secret
  }

  /** Somebody else made this one. */
  readonly add = (place: string, secret: string): void => void this.#secrets.set(place, secret)

  get places(): ReadonlyArray<string> {
    return [...this.#secrets.keys()]
  }

  /** The places whose secrets are in a text or in bytes, in any form in which they could be read back. */
  readonly in = (print: string | Uint8Array): ReadonlyArray<string> => {
    const bytes = Buffer.from(print)
    return [...this.#secrets].flatMap(([place, secret]) => {
      const form = formsOf(secret).find(([, needle]) => bytes.includes(needle))
      return form === undefined ? [] : [`${place} (${form[0]}): ${around(bytes, form[1])}`]
    })
  }
}

const formsOf = (secret: string): ReadonlyArray<readonly [form: string, needle: Buffer]> => {
  const bytes = Buffer.from(secret)
  return [
    ["as it is", bytes],
    ["percent-encoded", Buffer.from(encodeURIComponent(secret))],
    ["hex", Buffer.from(bytes.toString("hex"))],
    ["UTF-16", Buffer.from(secret, "utf16le")],
    // Within a longer text base64 takes one of three forms; its ends also depend on what is beside it.
    ...[0, 1, 2].map(
      (before) =>
        [
          "base64",
          Buffer.from(
            Buffer.concat([Buffer.alloc(before), bytes])
              .toString("base64")
              .slice(4, -4),
          ),
        ] as const,
    ),
  ]
}

const around = (bytes: Buffer, needle: Buffer): string => {
  const at = bytes.indexOf(needle)
  return JSON.stringify(bytes.subarray(Math.max(0, at - 160), at + needle.length).toString())
}

import { Buffer } from "node:buffer"

/** The forms in which a text of ASCII characters can be found in the dump, such as `base64`. */
export const encodingsIn = (
  dump: ReadonlyArray<Uint8Array | string>,
  text: string,
): ReadonlyArray<string> => {
  const chunks = dump.map((chunk) =>
    typeof chunk === "string"
      ? Buffer.from(chunk)
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
  )
  const found = new Set<string>()
  for (const [encoding, needle] of encodingsOf(text)) {
    if (chunks.some((chunk) => chunk.includes(needle))) found.add(encoding)
  }
  return [...found]
}

const encodingsOf = (text: string): ReadonlyArray<readonly [encoding: string, needle: string | Buffer]> => {
  const bytes = Buffer.from(text)
  const hex = bytes.toString("hex")
  return [
    ["plaintext", bytes],
    ["UTF-16", Buffer.from(text, "utf16le")],
    ["hex", hex],
    ["hex", hex.toUpperCase()],
    // Within a longer text base64 takes one of three forms, by where its groups of three bytes begin.
    ...[0, 1, 2].flatMap((offset) => {
      const base64 = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64")
      // Both ends also depend on what is around them.
      const inner = base64.slice(offset === 0 ? 0 : 4, -4)
      return [
        ["base64", inner],
        ["base64", inner.replaceAll("+", "-").replaceAll("/", "_")],
      ] as const
    }),
  ]
}

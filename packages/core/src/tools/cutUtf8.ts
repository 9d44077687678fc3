/** As much of a text as fits into `bytes` of UTF-8, without half a character at the end. */
export const cutUtf8 = (text: string, bytes: number): string => {
  if (Buffer.byteLength(text) <= bytes) return text
  const encoded = new TextEncoder().encode(text.slice(0, bytes))
  const cut = new TextDecoder("utf-8", { fatal: false }).decode(encoded.subarray(0, bytes))
  return cut.endsWith("\ufffd") ? cut.slice(0, -1) : cut
}

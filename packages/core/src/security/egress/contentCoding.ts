import type { Transform } from "node:stream"
import {
  brotliDecompress,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzip,
  inflate,
  inflateRaw,
} from "node:zlib"

/** A content coding that is decoded here (RFC 9110, section 8.4.1; RFC 7932). */
export type ContentCoding = "gzip" | "deflate" | "br"

/** The coding of a `content-encoding` header; undefined for none, and for one, or a chain of them, that we did not ask for. */
export const contentCoding = (header: string | undefined): ContentCoding | undefined => {
  switch (header?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip": // RFC 9110, section 8.4.1.3
      return "gzip"
    case "deflate":
      return "deflate"
    case "br":
      return "br"
    default:
      return undefined
  }
}

// A body that ends without the trailer of its coding is taken as it is, as browsers do.
const lenient = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const lenientBrotli = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
}

/** "deflate" means the zlib format, but servers send the bare one as well. The zlib header begins with 8 (RFC 1950). */
const hasZlibHeader = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0) & 0x0f) === 0x08

/**
 * Decodes a complete body. Fails with `code: "ERR_BUFFER_TOO_LARGE"` as soon as the result would exceed `maxBytes`:
 * what is behind that is never decoded.
 */
export const decode = (
  coding: ContentCoding,
  encoded: Uint8Array,
  maxBytes: number,
  done: (error: Error | null, decoded: Uint8Array) => void,
): void => {
  const options = { ...lenient, maxOutputLength: maxBytes }
  if (coding === "br") return brotliDecompress(encoded, { ...lenientBrotli, maxOutputLength: maxBytes }, done)
  if (coding === "gzip") return gunzip(encoded, options, done)
  return hasZlibHeader(encoded) ? inflate(encoded, options, done) : inflateRaw(encoded, options, done)
}

/** A decoder for a body that has no end in sight. What it has decoded, it hands on at once. */
export const decoder = (coding: ContentCoding, firstChunk: Uint8Array): Transform => {
  if (coding === "br") return createBrotliDecompress(lenientBrotli)
  if (coding === "gzip") return createGunzip(lenient)
  return hasZlibHeader(firstChunk) ? createInflate(lenient) : createInflateRaw(lenient)
}

import type { FetchLike } from "@modelcontextprotocol/client"
import * as Predicate from "effect/Predicate"
import { BodyBuffer } from "../security/egress/BodyBuffer.ts"

/** Names a call to {@link tagLogs}. It never leaves this process. */
export const callHeader = "mooring-call"

const callTag = "mooring/call"

/**
 * Writes into each log message that comes by the stream of a call's own answer, whose it is: the MCP client hands on
 * messages without a word of where they came from. Calls that do not carry {@link callHeader} are left alone.
 */
export const tagLogs =
  (fetch: FetchLike): FetchLike =>
  async (input, init) => {
    if (!(init?.headers instanceof Headers)) return fetch(input, init)
    const token = init.headers.get(callHeader)
    if (token === null) return fetch(input, init)
    const headers = new Headers(init.headers)
    headers.delete(callHeader)
    const response = await fetch(input, { ...init, headers })
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true
    // Of any other status the body is read as a whole, within the limits that the response itself keeps.
    if (response.status !== 200 || !isStream || response.body === null) return response
    return new Response(response.body.pipeThrough(tagging(token)), { headers: response.headers })
  }

/** The call that a log message was tagged with. */
export const callOfTag = (params: Readonly<Record<string, unknown>>): unknown => {
  const meta = params["_meta"]
  return Predicate.isObject(meta) ? meta[callTag] : undefined
}

const lineFeed = 10
const carriageReturn = 13

/** Hands on each event of a stream (WHATWG HTML, server-sent events) when it is complete. The guarded fetch limits their size. */
const tagging = (token: string): TransformStream<Uint8Array, Uint8Array> => {
  let held = new BodyBuffer(Infinity)
  let previous = 0
  const tagged = (event: Uint8Array): Uint8Array =>
    Buffer.from(event.buffer, event.byteOffset, event.byteLength).includes("notifications/message")
      ? new TextEncoder().encode(withTag(new TextDecoder().decode(event), token))
      : event
  return new TransformStream({
    transform: (chunk, controller) => {
      let start = 0
      for (let index = 0; index < chunk.length; index++) {
        const byte = chunk[index] ?? 0
        const isBlankLine =
          (byte === lineFeed && previous === lineFeed) ||
          (byte === carriageReturn && (previous === lineFeed || previous === carriageReturn))
        previous = byte
        if (!isBlankLine) continue
        held.append(chunk.subarray(start, index + 1))
        controller.enqueue(tagged(held.bytes))
        held = new BodyBuffer(Infinity)
        start = index + 1
      }
      if (start < chunk.length) held.append(chunk.subarray(start))
    },
    flush: (controller) => controller.enqueue(held.bytes),
  })
}

/** The same event, its data in one line. */
const withTag = (event: string, token: string): string => {
  const lines = event.split(/\r\n|\r|\n/)
  const isData = (line: string) => line.startsWith("data:")
  const data = lines.filter(isData).map((line) => line.slice("data:".length).replace(/^ /, ""))
  const message = parse(data.join("\n"))
  if (!Predicate.isObject(message) || message["method"] !== "notifications/message") return event
  const params = Predicate.isObject(message["params"]) ? message["params"] : {}
  const meta = Predicate.isObject(params["_meta"]) ? params["_meta"] : {}
  const tagged = { ...message, params: { ...params, _meta: { ...meta, [callTag]: token } } }
  const others = lines.filter((line) => line !== "" && !isData(line))
  return [...others, `data: ${JSON.stringify(tagged)}`, "", ""].join("\n")
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import type { OAuthAnswer } from "./OAuthFaults.ts"

const chunk = "x".repeat(2 ** 16)

/** An answer that never comes. */
export function silence(): Promise<Response> {
  return new Promise(() => {})
}

/** The right answer, grown by a field of so many bytes; `Infinity` for one that never ends. */
export function padded({ body, status }: OAuthAnswer, bytes: number): Response {
  const encoder = new TextEncoder()
  let left = bytes
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(encoder.encode(`${JSON.stringify(body).slice(0, -1)},"padding":"`))
    },
    pull: (controller) => {
      if (left > 0) {
        controller.enqueue(encoder.encode(chunk.slice(0, Math.min(left, chunk.length))))
        left -= chunk.length
        return
      }
      controller.enqueue(encoder.encode('"}'))
      controller.close()
    },
  })
  return new Response(stream, { status, headers: { "content-type": "application/json" } })
}

/** A response whose connection ends after the headers. */
export function cutOff(): Response {
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error("The connection is cut off")),
  })
  return new Response(stream, { headers: { "content-type": "application/json" } })
}

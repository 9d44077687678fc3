import { vi } from "vitest"
import { legacyServer } from "../../src/index.ts"

/** A message as an event of a stream. */
export const event = (message: object) => `data: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`

/** A legacy server whose stream for what belongs to no call says what a test has it say. */
export const talkingServer = async () => {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined
  const upstream = await legacyServer({
    intercept: (request) => {
      if (request.method !== "GET") return undefined
      const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
        stream = controller
      }
      return new Response(new ReadableStream({ start }), { headers: { "content-type": "text/event-stream" } })
    },
  })
  return {
    upstream,
    /** Once a session listens. */
    say: async (text: string) => {
      await vi.waitUntil(() => stream !== undefined)
      stream?.enqueue(new TextEncoder().encode(text))
    },
  }
}

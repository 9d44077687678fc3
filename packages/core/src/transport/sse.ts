import { SSEClientTransport } from "@modelcontextprotocol/client"
import type { SseConfig } from "../servers/ServerConfig.ts"
import type { RemoteOptions } from "./RemoteOptions.ts"
import { requestHeaders } from "./requestHeaders.ts"

/**
 * The transport to a server of MCP 2024-11-05: a stream of events to listen to, and an endpoint to post to.
 *
 * The stream is the session: when it ends, the transport closes, and the next call opens another one. By itself the
 * client would open the stream again, as often as the server's `retry` says, and go on posting to the old endpoint.
 */
export const sseTransport = (config: SseConfig, { fetch, ...options }: RemoteOptions): SSEClientTransport => {
  const transport = new SSEClientTransport(new URL(config.serverUrl), {
    ...options,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true
      if (!isStream || response.body === null) return response
      return new Response(
        watchEnd(response.body, () => void transport.close()),
        {
          status: response.status,
          headers: response.headers,
        },
      )
    },
    requestInit: { headers: requestHeaders(config) },
  })
  return transport
}

/** The same stream, which tells when it has ended or failed. */
const watchEnd = (body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        controller.close()
      } catch (error) {
        controller.error(error)
      }
      onEnd()
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

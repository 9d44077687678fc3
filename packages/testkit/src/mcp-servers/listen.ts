import { once } from "node:events"
import { createServer } from "node:http"
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http"
import type { RecordedRequest } from "./HttpTestServer.ts"

/** Answers one request whose body was already read. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => void | Promise<void>

/** A started HTTP server, before a test server makes its `url` of the origin. */
export interface Listener {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  readonly requests: ReadonlyArray<RecordedRequest>
  close(): Promise<void>
}

interface Recording {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  body?: unknown
  rpcMethod?: string
}

/** Starts an HTTP server on 127.0.0.1 which records what it is asked, on a free port unless told which. */
export async function listen(handler: NodeHandler, port = 0): Promise<Listener> {
  const requests: Array<Recording> = []
  const server = createServer((request, response) => {
    const recording: Recording = {
      method: request.method ?? "GET",
      url: request.url ?? "/",
      headers: request.headers,
    }
    requests.push(recording)
    readText(request)
      .then((body) => {
        if (body !== "") recordBody(recording, body)
        return handler(request, response, body)
      })
      .catch((error: unknown) => {
        // A client that went away in the middle of its body, or a handler's own fault: both end the exchange.
        if (response.headersSent) response.destroy()
        else response.writeHead(500).end(String(error))
      })
  })
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The server has no port")
  let closed: Promise<void> | undefined
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      (closed ??= new Promise((resolve) => {
        server.close(() => resolve())
        // Event streams would hold `close` open for ever.
        server.closeAllConnections()
      })),
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  request.setEncoding("utf8")
  let text = ""
  for await (const chunk of request) text += String(chunk)
  return text
}

function recordBody(recording: Recording, text: string): void {
  try {
    const body: unknown = JSON.parse(text)
    recording.body = body
    if (typeof body !== "object" || body === null || !("method" in body)) return
    if (typeof body.method === "string") recording.rpcMethod = body.method
  } catch {
    recording.body = text
  }
}

import { once } from "node:events"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { NodeHandler } from "./listen.ts"

/** Serves a web-standard handler, the face that both MCP server packages have, on `node:http`. */
export function webHandler(handle: (request: Request) => Promise<Response>): NodeHandler {
  return async (request, response, body) => {
    const gone = new AbortController()
    // The MCP packages take an aborted request for a cancelled tool call, so a finished one must not look so.
    response.once("close", () => {
      if (!response.writableFinished) gone.abort()
    })
    await writeWebResponse(response, await handle(toWebRequest(request, body, gone.signal)))
  }
}

/** The request as the web-standard class, its body given as text. */
export function toWebRequest(request: IncomingMessage, body: string, signal?: AbortSignal): Request {
  const headers = new Headers()
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  return new Request(new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`), {
    method: request.method ?? "GET",
    headers,
    ...(body === "" ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  })
}

/** Writes a web-standard response, chunk by chunk, until its end or until the client is gone. */
export async function writeWebResponse(response: ServerResponse, answer: Response): Promise<void> {
  if (response.destroyed) {
    await answer.body?.cancel()
    return
  }
  response.statusCode = answer.status
  response.setHeaders(answer.headers)
  if (answer.body === null) {
    response.end()
    return
  }
  // An event stream may have nothing to say for long; its client waits for the headers.
  response.flushHeaders()
  const reader = answer.body.getReader()
  const closed = new Promise<void>((resolve) => {
    response.once("close", () => {
      // The read below then ends, and the stream's source lets go of its timers.
      reader.cancel().catch(() => {})
      resolve()
    })
  })
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (!response.write(value)) await Promise.race([once(response, "drain"), closed])
  }
  response.end()
}

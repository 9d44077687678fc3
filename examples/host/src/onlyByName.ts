import type { RequestListener } from "node:http"

/**
 * Answers only requests that are addressed to one of these host names. A host on the loopback that asks nobody who they
 * are needs it: a web site can let its own name point to 127.0.0.1 and then use the host by the browser of whoever
 * visits it (DNS rebinding; MCP 2025-11-25, basic/transports, security warning).
 */
export const onlyByName = (names: ReadonlyArray<string>, app: RequestListener): RequestListener => {
  const known = new Set(names)
  return (request, response) => {
    const name = URL.parse(`http://${request.headers.host}`)?.hostname
    if (name !== undefined && known.has(name)) return app(request, response)
    const message = "This host does not answer by that name. Its own one is set by PUBLIC_URL."
    response.writeHead(403, { "content-type": "application/json" })
    response.end(JSON.stringify({ detail: message, message, error: { type: "host_forbidden" } }))
  }
}

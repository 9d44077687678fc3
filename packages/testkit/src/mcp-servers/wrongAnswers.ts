import type { NodeHandler } from "./listen.ts"

/** The servers with which no client gets as far as a connection. */
export const wrongAnswerKinds = [
  "html",
  "status_401",
  "status_401_challenge",
  "status_403",
  "status_404",
  "status_405",
  "status_500",
  "status_503",
  "never_answers",
  "closes_socket",
  "garbage_json_rpc",
  "truncated_json",
  "endless_sse_comments",
] as const

export type WrongAnswerKind = (typeof wrongAnswerKinds)[number]

/** Milliseconds between the comments of `endless_sse_comments`. */
const commentInterval = 10

export const wrongAnswers: Record<WrongAnswerKind, NodeHandler> = {
  html: (_request, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" })
    response.end("<!doctype html><title>Welcome</title><p>This is not an MCP server.</p>")
  },
  status_401: status(401),
  status_401_challenge: (request, response, body) => {
    const metadata = `http://${request.headers.host ?? ""}/.well-known/oauth-protected-resource/mcp`
    response.setHeader("www-authenticate", `Bearer resource_metadata="${metadata}"`)
    return status(401)(request, response, body)
  },
  status_403: status(403),
  status_404: status(404),
  status_405: status(405),
  status_500: status(500),
  status_503: (request, response, body) => {
    response.setHeader("retry-after", "120")
    return status(503)(request, response, body)
  },
  never_answers: () => {},
  closes_socket: (request) => {
    request.socket.destroy()
  },
  garbage_json_rpc: (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" })
    response.end(JSON.stringify({ jsonrpc: "1.0", answer: 42 }))
  },
  truncated_json: (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" })
    response.end('{"jsonrpc":"2.0","id":0,"result":{"protocolVer')
  },
  endless_sse_comments: (_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" })
    const timer = setInterval(() => response.write(": nothing yet\n\n"), commentInterval)
    response.once("close", () => clearInterval(timer))
  },
}

function status(code: number): NodeHandler {
  return (_request, response) => {
    response.writeHead(code, { "content-type": "text/plain" })
    response.end(`This server always answers ${code}`)
  }
}

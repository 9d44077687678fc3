import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { answerParent } from "../processes/answerParent.ts"
import { listenOnLoopback } from "../processes/listenOnLoopback.ts"
import { answerMessage, type Era } from "./answerMessage.ts"

// A process of its own: MCP servers over HTTP that take as little time as `node:http` allows. `/modern` speaks
// 2026-07-28, `/legacy` 2025-11-25 with a session and answers as event streams, as servers of the official package do,
// and `/sse` the transport before it. What stands behind these words in a path makes another server's URL.

const streams = new Map<string, ServerResponse>()

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = ""
  request.setEncoding("utf8")
  request.on("data", (chunk: string) => (body += chunk))
  await once(request, "end")
  return body
}

const openStream = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" })
  response.flushHeaders()
}

const answerPost = (response: ServerResponse, body: string, era: Era): void => {
  const answer = answerMessage(body, era)
  if (answer === undefined) {
    response.writeHead(202).end()
  } else if (era === "modern") {
    const isRefused = answer.includes('"error"')
    response.writeHead(isRefused ? 400 : 200, { "content-type": "application/json" }).end(answer)
  } else if (answer.includes('"error"')) {
    response.writeHead(400, { "content-type": "application/json" }).end(answer)
  } else {
    const session = body.includes('"initialize"') ? { "mcp-session-id": randomUUID() } : {}
    response
      .writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", ...session })
      .end(`event: message\ndata: ${answer}\n\n`)
  }
}

const server = createServer(async (request, response) => {
  const url = request.url ?? "/"
  if (request.method === "GET") {
    if (url.startsWith("/sse")) {
      const id = randomUUID()
      openStream(response)
      streams.set(id, response)
      response.once("close", () => streams.delete(id))
      response.write(`event: endpoint\ndata: /message?sessionId=${id}\n\n`)
    } else if (url.startsWith("/legacy")) {
      openStream(response)
    } else {
      response.writeHead(405).end()
    }
    return
  }
  if (request.method !== "POST") {
    response.writeHead(200).end()
    return
  }
  const body = await bodyOf(request)
  if (url.startsWith("/modern")) return answerPost(response, body, "modern")
  if (url.startsWith("/legacy")) return answerPost(response, body, "legacy")
  const stream = streams.get(url.slice(url.indexOf("=") + 1))
  if (stream === undefined) {
    response.writeHead(405).end()
    return
  }
  response.writeHead(202).end()
  const answer = answerMessage(body, "legacy")
  if (answer !== undefined) stream.write(`event: message\ndata: ${answer}\n\n`)
})
const port = await listenOnLoopback(server)
answerParent(async () => port)

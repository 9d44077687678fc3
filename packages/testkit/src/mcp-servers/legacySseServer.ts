import type { IncomingMessage, ServerResponse } from "node:http"
import type { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js"
import { legacyProtocol } from "./legacyProtocol.ts"
import type { SessionTestServer } from "./legacyServer.ts"
import { mountServer } from "./mountServer.ts"
import { serverDefinition } from "./TestServerOptions.ts"
import type { HttpTestServerOptions } from "./TestServerOptions.ts"

interface Session {
  readonly server: Server
  readonly transport: SSEServerTransport
}

/**
 * The same server on the HTTP+SSE transport of 2024-11-05: a stream from `GET /sse` for each session, and messages to
 * `POST /message`. `POST /sse` is answered with 405, by which a client knows that streamable HTTP is not spoken here.
 */
export async function legacySseServer(options: HttpTestServerOptions = {}): Promise<SessionTestServer> {
  const definition = serverDefinition("legacySseServer", options)
  const sessions = new Map<string, Session>()

  const openSession = async (response: ServerResponse) => {
    const server = legacyProtocol(definition)
    const transport = new SSEServerTransport("/message", response)
    sessions.set(transport.sessionId, { server, transport })
    server.onclose = () => {
      sessions.delete(transport.sessionId)
    }
    await server.connect(transport)
  }

  const takeMessage = async (request: IncomingMessage, response: ServerResponse, body: string) => {
    const id = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("sessionId") ?? ""
    const session = sessions.get(id)
    if (session === undefined) {
      response.writeHead(404).end("Session not found")
      return
    }
    await session.transport.handlePostMessage(request, response, body)
  }

  const dropSessions = async () => {
    await Promise.all([...sessions.values()].map(({ server }) => server.close()))
  }

  const mounted = await mountServer(definition, options, {
    path: "/sse",
    paths: ["/sse", "/message"],
    handler: async (request, response, body) => {
      const streams = request.url?.startsWith("/sse") === true
      if (streams && request.method === "GET") return openSession(response)
      if (!streams && request.method === "POST") return takeMessage(request, response, body)
      response.writeHead(405, { allow: streams ? "GET" : "POST" }).end()
    },
    notifyToolsChanged: () =>
      Promise.all([...sessions.values()].map(({ server }) => server.sendToolListChanged())),
    closeConnections: dropSessions,
  })
  return {
    ...mounted,
    get sessionCount() {
      return sessions.size
    },
    dropSessions,
  }
}

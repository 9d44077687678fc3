import { randomUUID } from "node:crypto"
import type { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"
import { legacyProtocol } from "./legacyProtocol.ts"
import { mountServer } from "./mountServer.ts"
import { serverDefinition } from "./TestServerOptions.ts"
import type { HttpTestServerOptions, McpTestServer } from "./TestServerOptions.ts"
import { webHandler } from "./webHandler.ts"

/** A test server whose clients hold sessions. */
export interface SessionTestServer extends McpTestServer {
  /** How many sessions are open. */
  readonly sessionCount: number
  /** Ends all sessions on the server's side, as its restart would. */
  dropSessions(): Promise<void>
}

interface Session {
  readonly server: Server
  readonly transport: WebStandardStreamableHTTPServerTransport
}

/**
 * An MCP server of the era before 2026-07-28, on streamable HTTP with a session for each client: what most deployed
 * servers are. It answers a request of an unknown session with 404, as the specification says.
 */
export async function legacyServer(options: HttpTestServerOptions = {}): Promise<SessionTestServer> {
  const definition = serverDefinition("legacyServer", options)
  const sessions = new Map<string, Session>()

  const openSession = async () => {
    const server = legacyProtocol(definition)
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        sessions.set(id, { server, transport })
      },
      onsessionclosed: (id) => {
        sessions.delete(id)
      },
    })
    await server.connect(transport)
    return transport
  }

  const serve = async (request: Request) => {
    const id = request.headers.get("mcp-session-id")
    // Without a session only `initialize` is in order: the new transport itself refuses anything else.
    if (id === null) return (await openSession()).handleRequest(request)
    return sessions.get(id)?.transport.handleRequest(request) ?? sessionNotFound()
  }

  const dropSessions = async () => {
    const open = [...sessions.values()]
    sessions.clear()
    await Promise.all(open.map(({ server }) => server.close()))
  }

  const mounted = await mountServer(definition, options, {
    path: "/mcp",
    paths: ["/mcp"],
    handler: webHandler(serve),
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

function sessionNotFound(): Response {
  return Response.json(
    { jsonrpc: "2.0", error: { code: -32001, message: "Session not found" }, id: null },
    { status: 404 },
  )
}

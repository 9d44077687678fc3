import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"

/** What the servers of the test say in one attempt; what is left out, they say well. */
export interface Steering {
  /** Where everything is redirected that is asked of the host `hop.example`. */
  readonly hop?: string
  /** What `https://sse.example/` names as its endpoint. */
  readonly sseEndpoint?: string
  /** The `resource_metadata` of the challenge. */
  readonly resourceMetadata?: string
  /** What the protected resource's metadata say. */
  readonly resource?: Readonly<Record<string, unknown>>
  /** What the authorization server's metadata say. */
  readonly authorizationServer?: Readonly<Record<string, unknown>>
  /** Where the authorization server's metadata redirect to. */
  readonly metadataAt?: string
  /** Where `https://open.example/mcp` redirects to. */
  readonly mcpAt?: string
}

export const issuer = "https://as.example"
export const protectedUrl = "https://guarded.example/mcp"
const token = "a-token-of-the-test"

/**
 * Everybody on the internet of the test: an MCP server without and one with a sign-in, one of 2024-11-05, an
 * authorization server, and any public address, all of which speak by the host and path that they are asked at.
 */
export const steeringServers = (steering: () => Steering): RequestListener => {
  return (request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => answer(request, response, Buffer.concat(chunks).toString(), steering()))
  }
}

const answer = (request: IncomingMessage, response: ServerResponse, body: string, steering: Steering) => {
  const { host = "", authorization } = request.headers
  const path = new URL(request.url ?? "/", "https://any.example").pathname
  // A new connection for each request: a name is resolved each time.
  response.setHeader("connection", "close")
  const json = (status: number, value: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value))
  // The one status by which any request may go to another origin: it takes no body along.
  const redirect = (location: string) => response.writeHead(303, { location: inHeader(location) }).end()

  if (host === "hop.example" && steering.hop !== undefined) return redirect(steering.hop)
  if (host === "open.example" && steering.mcpAt !== undefined) return redirect(steering.mcpAt)
  if (path === "/sse" && request.method === "GET") {
    response.writeHead(200, { "content-type": "text/event-stream" })
    return response.write(`event: endpoint\ndata: ${steering.sseEndpoint ?? "/message"}\n\n`)
  }
  if (path.startsWith("/.well-known/oauth-protected-resource"))
    return json(200, { resource: protectedUrl, authorization_servers: [issuer], ...steering.resource })
  if (path.startsWith("/.well-known/oauth-authorization-server"))
    return steering.metadataAt === undefined
      ? json(200, { ...metadata, ...steering.authorizationServer })
      : redirect(steering.metadataAt)
  if (path === "/register")
    return json(201, { ...(JSON.parse(body) as object), client_id: "client-of-the-test" })
  if (path === "/token")
    return json(200, { access_token: token, refresh_token: "r", token_type: "Bearer", expires_in: 3600 })
  if (path === "/revoke") return json(200, {})
  if (path === "/mcp" && host === "guarded.example" && authorization !== `Bearer ${token}`) {
    const at = steering.resourceMetadata ?? "https://guarded.example/.well-known/oauth-protected-resource"
    response.setHeader("www-authenticate", `Bearer resource_metadata="${inHeader(at)}"`)
    return json(401, {})
  }
  if (path === "/mcp" && request.method === "POST") return answerMcp(body, json)
  return response.writeHead(404).end()
}

const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  registration_endpoint: `${issuer}/register`,
  revocation_endpoint: `${issuer}/revoke`,
  response_types_supported: ["code"],
  code_challenge_methods_supported: ["S256"],
}

const answerMcp = (body: string, json: (status: number, value: object) => unknown) => {
  // Nobody but the product asks here.
  const { id, method, params } = JSON.parse(body) as { id?: number; method: string; params?: object }
  if (id === undefined) return json(202, {})
  const result = (value: object) => json(200, { jsonrpc: "2.0", id, result: value })
  switch (method) {
    case "initialize":
      return result({
        protocolVersion: Reflect.get(params ?? {}, "protocolVersion"),
        capabilities: { tools: {} },
        serverInfo: { name: "steering", version: "1.0.0" },
      })
    case "tools/list":
      return result({ tools: [] })
    default:
      return json(200, { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } })
  }
}

/** What no header may hold is percent-encoded. */
const inHeader = (url: string): string => url.replaceAll(/[^ -~]/gu, encodeURIComponent)

import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client"
import { connectedClient } from "../mcp-servers/connectedClient.ts"

/** What a protected MCP server answers to a first request, with a token or with none. */
export function initialized(serverUrl: string, token?: unknown): Promise<Response> {
  return fetch(serverUrl, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(token === undefined ? {} : { authorization: `Bearer ${String(token)}` }),
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "testkit", version: "1.0.0" },
      },
    }),
  })
}

/** The status alone. */
export async function statusWith(serverUrl: string, token?: unknown): Promise<number> {
  const answer = await initialized(serverUrl, token)
  await answer.body?.cancel()
  return answer.status
}

/** A connection that presents a token and nothing else. */
export function clientWith(serverUrl: string, token: string | undefined) {
  return connectedClient(
    new StreamableHTTPClientTransport(new URL(serverUrl), {
      requestInit: { headers: { authorization: `Bearer ${token ?? ""}` } },
    }),
  )
}

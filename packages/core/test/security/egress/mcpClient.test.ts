import {
  auth,
  Client,
  type OAuthClientProvider,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client"
import { describe, expect, it } from "vitest"
import { egressRefusal } from "../../../src/security/egress/fetchFailure.ts"
import { bodyOf, listen, loopback, openEgress, rejection } from "./harness.ts"

// How a refusal comes out of the MCP client, which treats rejections of `fetch` differently from place to place.

const forbidden = new URL("https://10.0.0.1/mcp")
const client = (options?: ConstructorParameters<typeof Client>[1]) =>
  new Client({ name: "test", version: "1.0.0" }, options)

/** A provider for flows that must end before they have anything to keep. */
const provider: OAuthClientProvider = {
  redirectUrl: "https://host.example/callback",
  clientMetadata: { redirect_uris: ["https://host.example/callback"] },
  clientInformation: () => undefined,
  saveClientInformation: () => {},
  tokens: () => undefined,
  saveTokens: () => {},
  redirectToAuthorization: () => {},
  saveCodeVerifier: () => {},
  codeVerifier: () => "verifier",
}

describe("a refusal inside the MCP client", () => {
  it("comes out of a streamable HTTP connection", async () => {
    const { fetch } = await openEgress()
    const error = await rejection(client().connect(new StreamableHTTPClientTransport(forbidden, { fetch })))
    expect(error).toBeInstanceOf(TypeError)
    expect(egressRefusal(error)).toMatchObject({ rule: "address", host: "10.0.0.1" })
  })

  it("comes out of version negotiation as a cause", async () => {
    const { fetch } = await openEgress()
    const error = await rejection(
      client({ versionNegotiation: { mode: "auto" } }).connect(
        new StreamableHTTPClientTransport(forbidden, { fetch }),
      ),
    )
    expect(error).not.toBeInstanceOf(TypeError)
    expect(String(error)).toContain("an address that is not public")
    expect(egressRefusal(error)).toMatchObject({ rule: "address", host: "10.0.0.1" })
  })

  it("comes out of an SSE connection as text alone", async () => {
    const { fetch } = await openEgress()
    const transport = new SSEClientTransport(forbidden, { fetch })
    const error = await rejection(client().connect(transport))
    await transport.close()
    expect(egressRefusal(error)).toBeUndefined()
    expect(String(error)).toMatch(/"10\.0\.0\.1" is, or resolves to, an address that is not public/)
  })

  it("is not taken for a server without protected resource metadata", async () => {
    const server = await listen((_, response) => response.writeHead(404).end())
    const { fetch } = await openEgress()
    const error = await rejection(
      auth(provider, {
        serverUrl: `${server.url}/mcp`,
        resourceMetadataUrl: new URL("https://169.254.169.254/.well-known/oauth-protected-resource"),
        fetchFn: fetch,
      }),
    )
    expect(egressRefusal(error)).toMatchObject({ rule: "address", host: "169.254.169.254" })
    expect(server.requests()).toBe(0)
  })

  it("comes out of a call whose result is too large", async () => {
    const server = await listen(async (request, response) => {
      if (request.method !== "POST") return response.writeHead(405).end()
      const { id, method } = JSON.parse(await bodyOf(request))
      if (id === undefined) return response.writeHead(202).end()
      const result =
        method === "initialize"
          ? {
              protocolVersion: "2025-06-18",
              capabilities: { tools: {} },
              serverInfo: { name: "server", version: "1.0.0" },
            }
          : { content: [{ type: "text", text: "x".repeat(10_000) }] }
      return response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id, result }))
    })
    const { fetch } = await openEgress({ ...loopback, maxResponseBytes: 1000 })
    const connected = client()
    await connected.connect(new StreamableHTTPClientTransport(new URL(server.url), { fetch }))
    const error = await rejection(connected.callTool({ name: "large" }))
    await connected.close()
    expect(egressRefusal(error)).toMatchObject({ part: "body", maxBytes: 1000 })
  })
})

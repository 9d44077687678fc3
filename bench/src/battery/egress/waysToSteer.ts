import type { SteeredHost } from "./SteeredHost.ts"
import { protectedUrl } from "./steeringServers.ts"

/** A URL that a server, or whoever registers it, chooses for us. */
export interface WayToSteer {
  readonly name: string
  /** Has a host send a request to a URL below an origin; gives the code with which that ended. */
  readonly to: (host: SteeredHost, origin: string) => Promise<string>
  /** Whether a public address is reached by it; otherwise no other origin is gone to at all. */
  readonly reachesPublic: boolean
}

const overHttp = (host: SteeredHost, server_url: string) =>
  host.connect({ type: "streamable_http", server_url })

/** The kinds of URL by which a server can steer what we send, and to whom. */
export const waysToSteer: ReadonlyArray<WayToSteer> = [
  {
    name: "the URL of a server",
    reachesPublic: true,
    to: (host, origin) => overHttp(host, `${origin}/mcp`),
  },
  {
    name: "the URL of a server of 2024-11-05",
    reachesPublic: true,
    to: (host, origin) => host.connect({ type: "sse", server_url: `${origin}/missing` }),
  },
  {
    name: "the endpoint event of such a server",
    // Another origin than that of the stream is refused as such.
    reachesPublic: false,
    to: (host, origin) => {
      host.steer({ sseEndpoint: `${origin}/message` })
      return host.connect({ type: "sse", server_url: "https://sse.example/sse" })
    },
  },
  {
    name: "a redirect of an MCP server",
    // The MCP client stays within the origin.
    reachesPublic: false,
    to: (host, origin) => {
      host.steer({ mcpAt: `${origin}/mcp` })
      return overHttp(host, "https://open.example/mcp")
    },
  },
  {
    name: "a redirect of a server of 2024-11-05",
    reachesPublic: false,
    to: (host, origin) => {
      host.steer({ mcpAt: `${origin}/missing` })
      return host.connect({ type: "sse", server_url: "https://open.example/mcp" })
    },
  },
  {
    name: "a redirect that the guarded fetch follows",
    reachesPublic: true,
    to: (host, origin) => {
      host.steer({ mcpAt: `${origin}/missing` })
      return host.fetch("https://open.example/mcp")
    },
  },
  {
    name: "the challenge's resource_metadata",
    reachesPublic: true,
    to: (host, origin) => {
      host.steer({ resourceMetadata: `${origin}/.well-known/oauth-protected-resource` })
      return overHttp(host, protectedUrl)
    },
  },
  {
    name: "the resource's authorization_servers",
    reachesPublic: true,
    to: (host, origin) => {
      host.steer({ resource: { authorization_servers: [origin] } })
      return overHttp(host, protectedUrl)
    },
  },
  {
    name: "a redirect of the authorization server's metadata",
    reachesPublic: false,
    to: (host, origin) => {
      host.steer({ metadataAt: `${origin}/.well-known/oauth-authorization-server` })
      return overHttp(host, protectedUrl)
    },
  },
  {
    name: "the registration_endpoint",
    reachesPublic: true,
    to: (host, origin) => {
      host.steer({ authorizationServer: { registration_endpoint: `${origin}/register` } })
      return overHttp(host, protectedUrl)
    },
  },
  {
    name: "the token_endpoint",
    reachesPublic: true,
    to: (host, origin) => {
      host.steer({ authorizationServer: { token_endpoint: `${origin}/token` } })
      return overHttp(host, protectedUrl)
    },
  },
  {
    name: "the revocation_endpoint",
    reachesPublic: true,
    to: async (host, origin) => {
      host.steer({ authorizationServer: { revocation_endpoint: `${origin}/revoke` } })
      const end = await host.signIn()
      if (end !== "success") throw new Error(`Nobody was signed in: ${end}`)
      await host.signOut()
      return end
    },
  },
]

import type { WalkServer } from "./WalkServer.ts"

/** Who signs in during the walk. They have no password. */
export const demoUser = "demo-user"

/** An MCP server that wants its users to sign in, and the authorization server where they do. */
export const protectedServer: WalkServer = {
  command: ["start", "an MCP server that wants a sign-in, and its authorization server (oidc-provider)"],
  start: () => {
    const servers = startServers()
    return {
      origin: servers.then(({ origin }) => origin),
      // What did not start has told so, and needs no end.
      end: () =>
        servers.then(
          ({ end }) => end(),
          () => {},
        ),
    }
  },
}

const startServers = async () => {
  // It takes most of a second to load, which a host that does not walk need not wait for.
  const { authorizationServer, protectedMcpServer } = await import("@mooring/testkit")
  const scopes = ["profile:read"]
  const issuer = await authorizationServer({ users: [demoUser, "another-user"], scopes })
  // It has the tool `whoami` by itself, which answers with the user.
  const server = await protectedMcpServer({ authorizationServer: issuer, scopes, tools: [] })
  return {
    origin: new URL(server.url).origin,
    end: async () => {
      await server.close()
      await issuer.close()
    },
  }
}

import { authorizationServer } from "../../src/oauth/authorizationServer.ts"
import type { AuthorizationServerOptions } from "../../src/oauth/AuthorizationServerOptions.ts"
import { protectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"
import type { ProtectedMcpServerOptions } from "../../src/oauth/ProtectedMcpServerOptions.ts"

/** A real authorization server, and an MCP server that points to it. */
export async function bothServers(
  options: AuthorizationServerOptions = {},
  mcpOptions: Omit<ProtectedMcpServerOptions, "authorizationServer"> = {},
) {
  const server = await authorizationServer(options)
  const mcpServer = await protectedMcpServer({ ...mcpOptions, authorizationServer: server })
  return {
    server,
    mcpServer,
    [Symbol.asyncDispose]: async () => {
      await mcpServer.close()
      await server.close()
    },
  }
}

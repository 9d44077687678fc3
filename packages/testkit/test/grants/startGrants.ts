import type { MooringOptions } from "@mooring/core"
import type { AuthorizationServerOptions } from "../../src/oauth/AuthorizationServerOptions.ts"
import type { TestAuthorizationServer } from "../../src/oauth/authorizationServer.ts"
import type { OAuthRequest } from "../../src/oauth/OAuthRequest.ts"
import type { ProtectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"
import type { ProtectedMcpServerOptions } from "../../src/oauth/ProtectedMcpServerOptions.ts"
import { bothServers } from "../oauth/bothServers.ts"
import { withHost } from "../sign-in/startAll.ts"
import { machine } from "./machine.ts"

type HostOptions = Partial<MooringOptions>

/**
 * A host, and an MCP server with its authorization server, which knows the client `machine` that needs no user.
 *
 * @param hostOptions may depend on the addresses of both servers.
 */
export const startGrants = async (
  hostOptions: (server: TestAuthorizationServer, mcpServer: ProtectedMcpServer) => HostOptions = () => ({}),
  options: AuthorizationServerOptions = {},
  mcpOptions: Omit<ProtectedMcpServerOptions, "authorizationServer"> = {},
) => {
  const servers = await bothServers({ clients: [machine], ...options }, mcpOptions)
  return withHost(servers, hostOptions(servers.server, servers.mcpServer))
}

/** The requests for tokens so far, whatever they bring. */
export const tokenRequests = ({
  requests,
}: {
  readonly requests: ReadonlyArray<OAuthRequest>
}): ReadonlyArray<OAuthRequest> => requests.filter(({ path }) => path === "/token")

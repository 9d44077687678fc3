import { defaultTools } from "../mcp-servers/defaultTools.ts"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import type { McpTestServer } from "../mcp-servers/TestServerOptions.ts"
import { bearerGuard, resourceMetadataUrl } from "./bearerGuard.ts"
import type { ProtectedMcpServerOptions } from "./ProtectedMcpServerOptions.ts"
import { openUserPlace, whoamiTool } from "./whoamiTool.ts"

/** An MCP server whose users sign in. */
export interface ProtectedMcpServer extends McpTestServer {
  /** Where its metadata are (RFC 9728, section 3.1). */
  readonly resourceMetadataUrl: string
  /** From now on, no access token that was given until now is taken. */
  revokeAll(): void
}

/**
 * An MCP server that answers 401 with a challenge to whoever has no access token for it, in time and from its
 * authorization server. Its tools are the given ones, or the default ones, and `whoami`, which answers with the name of
 * the user.
 */
export async function protectedMcpServer(options: ProtectedMcpServerOptions): Promise<ProtectedMcpServer> {
  const { authorizationServer, intercept, start = legacyServer, tools = defaultTools() } = options
  const url = Promise.withResolvers<string>()
  let revokedUntil = 0
  const guard = bearerGuard(options, ({ number }) => number <= revokedUntil)
  const server = await start({
    ...options,
    name: options.name ?? "protectedMcpServer",
    tools: tools === false ? false : [...tools, whoamiTool],
    // Not `async`: the place has to be opened before anything is waited for.
    intercept: (request) => {
      const setUser = openUserPlace()
      const decide = async () =>
        (await intercept?.(request)) ?? (await guard(request, await url.promise, setUser))
      return decide()
    },
  })
  authorizationServer.addResource(server.url)
  url.resolve(server.url)
  return Object.assign(server, {
    resourceMetadataUrl: resourceMetadataUrl(server.url),
    revokeAll: () => {
      revokedUntil = authorizationServer.tokenCount
    },
  })
}

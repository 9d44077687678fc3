import type { OAuthFaults } from "../../src/oauth/faults/OAuthFaults.ts"
import { smallAuthorizationServer } from "../../src/oauth/faults/smallAuthorizationServer.ts"
import { listenForOAuth } from "../../src/oauth/listenForOAuth.ts"
import type { MisbehavingAuthorizationServer } from "../../src/oauth/misbehavingAuthorizationServer.ts"
import { protectedMcpServer } from "../../src/oauth/protectedMcpServer.ts"

/** The small authorization server with faults that are of no kind of their own, and the MCP server that points to it. */
export const serversWith = async (faults: OAuthFaults): Promise<MisbehavingAuthorizationServer> => {
  const origin = Promise.withResolvers<string>()
  const small = origin.promise.then((issuer) => smallAuthorizationServer(issuer, faults))
  const listener = await listenForOAuth(
    async (request) => (await small).answer(request) ?? new Response(null, { status: 404 }),
  )
  origin.resolve(listener.origin)
  const mcpServer = await protectedMcpServer({ authorizationServer: await small, ...faults.resource })
  const close = async () => {
    await Promise.all([mcpServer.close(), listener.close()])
  }
  return {
    issuer: listener.origin,
    mcpServer,
    requests: listener.requests,
    redirected: [],
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Its metadata, with something else in them. */
export const withMetadata = (change: Readonly<Record<string, string | boolean>>): OAuthFaults => ({
  metadata: (_request, right) => Response.json({ ...right().body, ...change }),
})

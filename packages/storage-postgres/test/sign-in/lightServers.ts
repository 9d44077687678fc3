import {
  type SmallAuthorizationServer,
  smallAuthorizationServer,
} from "../../../testkit/src/oauth/faults/smallAuthorizationServer.ts"
import type { AnswerFault } from "../../../testkit/src/oauth/faults/OAuthFaults.ts"
import { listenForOAuth } from "../../../testkit/src/oauth/listenForOAuth.ts"
import { protectedMcpServer } from "../../../testkit/src/oauth/protectedMcpServer.ts"
import { Holds } from "./Holds.ts"

type Answer = "metadata" | "registration" | "tokens"
/** Before an answer is worked out, and before it is sent; `list` is the first request to the MCP server with a token. */
type Step = Answer | `${Answer} sent` | "list"

/**
 * An authorization server that costs next to nothing, for hundreds of sign-ins, and an MCP server that points to it. It
 * asks nobody who they are: all its users are `mallory`.
 */
export const lightServers = async () => {
  const holds = new Holds<Step>()
  const held =
    (answer: Answer): AnswerFault =>
    async (_request, right) => {
      await holds.pass(answer)
      const { body, status } = right()
      await holds.pass(`${answer} sent`)
      return Response.json(body, { status })
    }
  const { promise: small, resolve: start } = Promise.withResolvers<SmallAuthorizationServer>()
  const server = await listenForOAuth(
    async (request) => (await small).answer(request) ?? new Response(null, { status: 404 }),
  )
  start(
    smallAuthorizationServer(server.origin, {
      metadata: held("metadata"),
      registration: held("registration"),
      code: held("tokens"),
    }),
  )
  const mcpServer = await protectedMcpServer({
    authorizationServer: await small,
    intercept: async ({ headers }) => {
      if (headers.has("authorization")) await holds.pass("list")
      return undefined
    },
  })
  return {
    /** All that the authorization server was asked. */
    server,
    mcpServer,
    holds,
    [Symbol.asyncDispose]: async () => {
      await mcpServer.close()
      await server.close()
    },
  }
}

import { listen } from "./listen.ts"
import type { NodeHandler } from "./listen.ts"
import type { HttpTestServerOptions, McpTestServer, ServerDefinition } from "./TestServerOptions.ts"
import { toWebRequest, writeWebResponse } from "./webHandler.ts"

/** What differs between the HTTP servers for tests. */
export interface MountedProtocol {
  /** The path in the server's `url`. */
  readonly path: string
  /** Every path that `handler` answers; 404 elsewhere, where clients look for OAuth metadata. */
  readonly paths: ReadonlyArray<string>
  readonly handler: NodeHandler
  readonly notifyToolsChanged: () => Promise<unknown>
  readonly closeConnections: () => Promise<void>
}

/** Puts a protocol side on a port of its own and joins it with what a test observes. */
export async function mountServer(
  { registry }: ServerDefinition,
  { intercept, port }: HttpTestServerOptions,
  protocol: MountedProtocol,
): Promise<McpTestServer> {
  const listener = await listen(async (request, response, body) => {
    const intercepted = await intercept?.(toWebRequest(request, body))
    if (intercepted !== undefined) return writeWebResponse(response, intercepted)
    const [path = "/"] = (request.url ?? "/").split("?")
    if (!protocol.paths.includes(path)) {
      response.writeHead(404).end()
      return
    }
    return protocol.handler(request, response, body)
  }, port)
  const close = async () => {
    registry.close()
    await protocol.closeConnections()
    await listener.close()
  }
  return {
    url: listener.origin + protocol.path,
    requests: listener.requests,
    calls: registry.calls,
    cancellations: registry.cancellations,
    cancelled: registry.cancelled,
    called: (name) => registry.called(name),
    setTools: async (tools) => {
      registry.tools = tools
      await protocol.notifyToolsChanged()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

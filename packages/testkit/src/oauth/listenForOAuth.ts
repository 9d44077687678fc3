import type { IncomingMessage, ServerResponse } from "node:http"
import { listen } from "../mcp-servers/listen.ts"
import { toWebRequest, writeWebResponse } from "../mcp-servers/webHandler.ts"
import { type OAuthRequest, toOAuthRequest } from "./OAuthRequest.ts"

/** The other form of a request: Node's pair, with the body that was read from it. */
export interface NodeExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: string
}

/** Answers a request by a response, or by itself on Node's pair. */
export type OAuthHandler = (
  request: OAuthRequest,
  exchange: NodeExchange,
) => Response | undefined | void | Promise<Response | undefined | void>

/** A started server, before it becomes one of the public kinds. */
export interface OAuthListener {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  readonly requests: ReadonlyArray<OAuthRequest>
  close(): Promise<void>
}

/** Starts an HTTP server on a free port of 127.0.0.1 which takes down what it is asked before it answers. */
export async function listenForOAuth(handler: OAuthHandler): Promise<OAuthListener> {
  const requests: Array<OAuthRequest> = []
  const listener = await listen(async (request, response, body) => {
    const recorded = await toOAuthRequest(toWebRequest(request, body))
    requests.push(recorded)
    const answer = await handler(recorded, { request, response, body })
    if (answer instanceof Response) await writeWebResponse(response, answer)
  })
  return { origin: listener.origin, requests, close: listener.close }
}

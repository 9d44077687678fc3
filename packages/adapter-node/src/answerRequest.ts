import { isHttp2, type Exchange } from "./Exchange.ts"
import { MalformedRequest } from "./MalformedRequest.ts"
import { type Mountable, readsBodiesByMethod } from "./Mountable.ts"
import { toWebRequest } from "./toWebRequest.ts"
import { writeResponse } from "./writeResponse.ts"

/**
 * Answers one exchange by `mountable`, whether it handles the path or not, and resolves when the whole answer has
 * been handed to Node or the client has gone. Adapters for frameworks are built on it.
 *
 * When the client goes away before that, the Request's signal aborts and the Response's body is cancelled. A
 * malformed request is answered with 400 and `{detail, message, error}`.
 *
 * @throws whatever `mountable.fetch` or the Response's body fails with while the client is there. If
 * `res.headersSent` is false, nothing has been written; otherwise the connection has been destroyed.
 */
export const answerRequest = async (mountable: Mountable, exchange: Exchange): Promise<void> => {
  const { req, res } = exchange
  // A client may leave while earlier middleware waits; "close" has been emitted by then.
  if (isHttp2(req) ? req.stream.destroyed : res.destroyed) return
  const client = new AbortController()
  res.once("close", () => {
    // Not `writableFinished`: HTTP/2 says so of a stream that was reset.
    if (!res.writableEnded) client.abort()
  })
  let response: Response
  try {
    const request = toWebRequest(exchange, client.signal, readsBodiesByMethod in mountable.fetch)
    response = await mountable.fetch(request, exchange.hostRequest ?? req)
  } catch (error) {
    if (client.signal.aborted) return
    if (!(error instanceof MalformedRequest)) throw error
    const { message } = error
    const body = { detail: message, message, error: { type: "malformed_request" } }
    response = Response.json(body, { status: 400 })
  }
  await writeResponse(response, exchange, client.signal)
}

import { IncomingMessage } from "node:http"

/**
 * A request as it was before its body was read, for a handler that reads it itself.
 *
 * @param url what the handler is to see of the URL, below the path at which it is mounted.
 * @param baseUrl that path, where Express would put it too.
 */
export function replayRequest(
  request: IncomingMessage,
  body: string,
  url: string,
  baseUrl: string,
): IncomingMessage {
  const replay = new IncomingMessage(request.socket)
  replay.method = request.method ?? "GET"
  replay.url = url
  replay.httpVersion = request.httpVersion
  replay.rawHeaders = request.rawHeaders
  replay.headers = request.headers
  // An incomplete request takes its socket with it when it is destroyed, which happens as soon as it was read.
  replay.complete = true
  replay.push(body)
  replay.push(null)
  return Object.assign(replay, { baseUrl })
}

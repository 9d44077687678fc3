import type { IncomingHttpHeaders } from "node:http"

/** One HTTP request as it reached a test server, in the order of arrival. */
export interface RecordedRequest {
  readonly method: string
  /** Path and query, e.g. `/message?sessionId=…`. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** The parsed JSON body, or the text where it is not JSON. Absent until it has arrived, and for an empty one. */
  readonly body?: unknown
  /** The method of the JSON-RPC message in the body, e.g. `tools/call`. Absent where the body is none. */
  readonly rpcMethod?: string
}

/** A server for tests on 127.0.0.1 and a port of its own. */
export interface HttpTestServer extends AsyncDisposable {
  /** The URL that a client is configured with. */
  readonly url: string
  /** Every request so far; grows while the server runs. */
  readonly requests: ReadonlyArray<RecordedRequest>
  /** Drops all connections and frees the port. Calling it again does nothing. */
  close(): Promise<void>
}

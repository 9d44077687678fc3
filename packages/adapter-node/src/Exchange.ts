import type { IncomingMessage } from "node:http"
import type { Http2ServerRequest } from "node:http2"

/** A request as `node:http`, `node:https` or the compatibility API of `node:http2` hands it out. */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/**
 * The response that belongs to a {@link NodeRequest}: what `ServerResponse` and `Http2ServerResponse` have in common,
 * since the overloads of the two do not make a callable union.
 */
export interface NodeResponse {
  statusCode: number
  statusMessage: string
  readonly headersSent: boolean
  readonly writableEnded: boolean
  readonly destroyed: boolean
  hasHeader(name: string): boolean
  setHeader(name: string, value: string | number): unknown
  appendHeader(name: string, value: string): unknown
  write(chunk: Uint8Array): boolean
  end(chunk?: Uint8Array | string): unknown
  end(chunk: string, encoding: "latin1"): unknown
  on(event: "drain", listener: () => void): unknown
  once(event: "close" | "finish", listener: () => void): unknown
  off(event: "finish", listener: () => void): unknown
  destroy(): unknown
  /** Always there, but missing in the types of HTTP/2. */
  flushHeaders?(): void
  /** Added by middleware that holds chunks back, such as `compression()`. */
  flush?(): void
}

/** One request to answer, with what a framework has already made of it. */
export interface Exchange {
  readonly req: NodeRequest
  readonly res: NodeResponse
  /** Path and query below the mount point, starting with "/". Default: `req.url`, which Express strips itself. */
  readonly url?: string
  /** The object on which a body parser leaves `body` or `rawBody`. Default: `req`. */
  readonly parsed?: object
  /** What `Mountable.fetch` gets as its second argument. Default: `req`. */
  readonly hostRequest?: unknown
}

/** Told by the version, since middleware is free to put a `stream` property on any request. */
export const isHttp2 = (req: NodeRequest): req is Http2ServerRequest => req.httpVersionMajor === 2

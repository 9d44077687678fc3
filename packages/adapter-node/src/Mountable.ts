/**
 * On a `fetch`, says that it reads bodies by the methods and fields of the request that it gets alone, and never makes
 * another of it by `new Request(request)`: adapters then make no stream for a body that is read in one go. It stands on
 * the function, so that whoever wraps that function in one of their own gets requests that are like any other.
 */
export const readsBodiesByMethod: unique symbol = Symbol.for("@mooring/readsBodiesByMethod")

/** What an adapter mounts. A Mooring, as made by `createMooring` of `@mooring/core`, has this shape. */
export interface Mountable {
  /**
   * Answers one request. `hostRequest` is the host's own request object (Node's or Express's `req`, Koa's
   * `ctx`), for resolvers that look up who is asking. A rejection is the host's to handle: see `answerRequest`.
   */
  readonly fetch: (request: Request, hostRequest?: unknown) => Promise<Response>
  /**
   * Whether a path is one of the mounted thing's own. The path starts below the mount point with "/", is still
   * percent-encoded and has no query.
   */
  readonly handles: (pathname: string) => boolean
}

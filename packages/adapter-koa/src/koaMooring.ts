import { answerRequest, type Mountable, type NodeRequest, type NodeResponse } from "@mooring/adapter-node"

/** What Mooring uses of Koa's `ctx`. */
export interface KoaContext {
  readonly req: NodeRequest
  readonly res: NodeResponse
  /** Where body parsers leave `body` and `rawBody`. */
  readonly request: object
  readonly path: string
  readonly search: string
  respond?: boolean | undefined
}

/** A Koa middleware, as `app.use` takes it. */
export type KoaMiddleware = (ctx: KoaContext, next: () => Promise<unknown>) => Promise<void>

/** Options of {@link koaMooring}. */
export interface KoaMooringOptions {
  /** Answer only at and below this path, such as "/mcp". Default: "/". `koa-mount` does the same from outside. */
  readonly path?: string
}

/**
 * Mounts a Mooring into Koa 3, before or after body parsers. Its resolver gets Koa's `ctx` (`ctx.state.user`).
 * Paths that are not Mooring's go on to the next middleware.
 *
 * The answer is written to `ctx.res` directly. For middleware outside of it, that means: after `await next()`,
 * `ctx.status` is the true one and the answer has been sent; headers have to be set before `next()`; what Mooring
 * fails with is thrown, and can still be answered unless `ctx.headerSent`.
 *
 * @throws TypeError for a path that does not start with "/".
 *
 * @example
 * app.use(koaMooring(mooring, { path: "/mcp" }))
 */
export const koaMooring = (mooring: Mountable, options: KoaMooringOptions = {}): KoaMiddleware => {
  const { path = "/" } = options
  if (!path.startsWith("/")) throw new TypeError(`The path of koaMooring must start with "/": ${path}`)
  const mount = path.replace(/\/+$/, "")
  return async (ctx, next) => {
    const pathname = ctx.path.startsWith(mount) ? ctx.path.slice(mount.length) || "/" : ""
    // What follows the mount point starts with "/", or else belongs to a longer name: "/mcpx" is not below "/mcp".
    if (!pathname.startsWith("/") || !mooring.handles(pathname)) return void (await next())
    await answerRequest(mooring, {
      req: ctx.req,
      res: ctx.res,
      url: pathname + ctx.search,
      parsed: ctx.request,
      hostRequest: ctx,
    })
    // Not earlier: an error thrown above is for Koa, or for middleware that sets `ctx.body`, to answer.
    ctx.respond = false
  }
}

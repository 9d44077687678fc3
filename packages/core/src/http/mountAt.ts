import { errorBody } from "./ApiErrors.ts"

/**
 * Answers the requests of a web-standard host below a path, for frameworks that route by the whole path: Hono, Next.js,
 * SvelteKit, `Bun.serve`. Other paths are answered with 404.
 *
 * @param mooring what `createMooring` has made.
 * @param path where the host mounts it, such as `/api/mcp`.
 * @throws TypeError for a path that does not start with "/".
 *
 * @example
 * ```ts
 * const handler = mountAt(mooring, "/api/mcp")
 * app.all("/api/mcp/*", (c) => handler(c.req.raw, c))
 * ```
 */
export const mountAt = (
  mooring: {
    readonly fetch: (request: Request, hostRequest?: unknown) => Promise<Response>
    readonly handles: (pathname: string) => boolean
  },
  path: string,
): ((request: Request, hostRequest?: unknown) => Promise<Response>) => {
  if (!path.startsWith("/")) throw new TypeError(`The path of mountAt must start with "/": ${path}`)
  const mount = path.replace(/\/+$/, "")
  return async (request, hostRequest) => {
    const url = new URL(request.url)
    const pathname = url.pathname.startsWith(mount) ? url.pathname.slice(mount.length) || "/" : ""
    if (!mooring.handles(pathname)) return notFound()
    // Not by `url.pathname`: what follows the mount point could begin with two slashes, and be read as a host.
    const below = `${url.origin}${pathname}${url.search}`
    return mooring.fetch(mount === "" ? request : new Request(below, request), hostRequest)
  }
}

const notFound = () => Response.json(errorBody("Not Found", "no_such_route"), { status: 404 })

import { pageFolder } from "#pageFolder"
import { escapeAttribute } from "./escapeAttribute.ts"
import { pageHeaders } from "./pageHeaders.ts"
import { type PageFile, readPage } from "./readPage.ts"

/** Options of the console. */
export interface ConsoleOptions {
  /**
   * Where Mooring's API is mounted, for the browser: a path such as "/mcp", or "/" where it is at the root. A path that
   * starts with "./" or "../" counts from the console's own address. It has the console's origin: the page calls no
   * other one.
   */
  readonly api: string
}

/** The console as one web-standard function, with the shape that the adapters mount. */
export interface MooringConsole {
  /** Answers one request. `hostRequest` is the host's own, whose `originalUrl` tells the mount point where there is one. */
  readonly fetch: (request: Request, hostRequest?: unknown) => Promise<Response>
  /** Whether a path below the mount point, starting with "/", is one of the console's own. */
  readonly handles: (pathname: string) => boolean
}

const ownPath = /^\/(?:(?:index|waiting)\.html|assets\/[\w.-]+)?$/

/**
 * The console, for anything that speaks web-standard `Request` and `Response`. The URL of a request is taken as it is
 * below the mount point: mounted elsewhere than at the root, strip the path before it.
 *
 * @throws TypeError for an `api` that is no path.
 */
export const mooringConsole = ({ api }: ConsoleOptions): MooringConsole => {
  if (!/^\.{0,2}\/(?!\/)[^\\]*$/.test(api)) {
    throw new TypeError(`The api of the console is a path such as "/mcp", and not ${JSON.stringify(api)}`)
  }
  let page: Promise<ReadonlyMap<string, PageFile>> | undefined
  const readOnce = () =>
    (page ??= readPage(pageFolder()).catch((error: unknown) => {
      // Perhaps it can be read the next time.
      page = undefined
      throw error
    }))
  return {
    handles: (pathname) => ownPath.test(pathname),
    fetch: async (request, hostRequest) => {
      const { pathname, search } = new URL(request.url)
      if (request.method !== "GET" && request.method !== "HEAD") {
        return plain(405, "The console is only read", { allow: "GET, HEAD" })
      }
      if (pathname === "/") {
        const slash = withSlash(hostRequest, search)
        if (slash !== undefined) return plain(308, "It is one step below", { location: slash })
      }
      const file = (await readOnce()).get(pathname === "/" ? "/index.html" : pathname)
      if (file === undefined) return plain(404, "There is no such file in the console")
      const isIndex = file.path === "/index.html"
      const body = isIndex
        ? new TextDecoder().decode(file.bytes).replace("%MOORING_API%", () => escapeAttribute(api))
        : file.bytes
      return new Response(body, {
        headers: {
          ...pageHeaders,
          "content-type": file.type,
          // The names of all that is in assets tell what is in it.
          "cache-control": pathname.startsWith("/assets/")
            ? "public, max-age=31536000, immutable"
            : "no-cache",
        },
      })
    },
  }
}

const plain = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(`${text}\n`, {
    status,
    headers: { ...pageHeaders, "content-type": "text/plain; charset=utf-8", ...headers },
  })

/**
 * The page refers to its files by relative paths, so that its address must end with "/": where it was asked for without
 * one, the address to go to, relative to where the browser is, since proxies may stand before the host.
 */
const withSlash = (hostRequest: unknown, search: string): string | undefined => {
  if (typeof hostRequest !== "object" || hostRequest === null || !("originalUrl" in hostRequest))
    return undefined
  const [path = ""] = String(hostRequest.originalUrl).split("?")
  const last = /\/([^/]+)$/.exec(path)?.[1]
  return last === undefined ? undefined : `./${last}/${search}`
}

import { answerRequest } from "./answerRequest.ts"
import type { NodeRequest, NodeResponse } from "./Exchange.ts"
import type { Mountable } from "./Mountable.ts"
import { requestPath, requestTarget } from "./requestUrl.ts"

/** A listener for `node:http`, `node:https` and `node:http2`, and a middleware where it is given a `next`. */
export type NodeHandler = (
  req: NodeRequest,
  res: NodeResponse,
  next?: (error?: unknown) => void,
) => Promise<void>

/**
 * Mounts `mountable` into Node's own servers and into frameworks with Express's kind of middleware, before, after
 * or without a body parser. `fetch` gets `req` as its second argument.
 *
 * With `next`, paths that `mountable` does not handle are passed on untouched, and errors are passed to it. Without,
 * `mountable` answers every path, and an error becomes 500 with `{detail, message}` and no particulars. The promise
 * resolves when the answer has been handed to Node, and rejects only where `handles` or `next` itself throws.
 *
 * @example
 * createServer(toNodeHandler(mooring)).listen(3000)
 */
export const toNodeHandler =
  (mountable: Mountable): NodeHandler =>
  async (req, res, next) => {
    const url = requestTarget(req.url)
    if (next !== undefined && !mountable.handles(requestPath(url))) return next()
    try {
      await answerRequest(mountable, { req, res, url })
    } catch (error) {
      if (next !== undefined) return next(error)
      if (res.headersSent) return
      res.statusCode = 500
      res.setHeader("content-type", "application/json")
      res.end('{"detail":"Internal Server Error","message":"Internal Server Error"}')
    }
  }

import { toNodeHandler, type Mountable } from "@mooring/adapter-node"
import type { IncomingMessage, ServerResponse } from "node:http"

/** An Express middleware: in Express's own types a `RequestHandler`. */
export type ExpressMiddleware = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>

/**
 * Mounts a Mooring into Express 5, at any path and before or after body parsers. Its resolver gets Express's `req`,
 * with all that earlier middleware has put on it (`req.user`, `req.session`).
 *
 * Paths that are not Mooring's go on to the next middleware, and what Mooring fails with goes to Express's error
 * handling.
 *
 * @example
 * app.use("/mcp", expressMooring(mooring))
 */
export const expressMooring = (mooring: Mountable): ExpressMiddleware => toNodeHandler(mooring)

import { type ExpressMiddleware, expressMooring } from "@mooring/adapter-express"
import { type ConsoleOptions, mooringConsole } from "./mooringConsole.ts"

/**
 * Mounts the console into Express 5.
 *
 * @throws TypeError for an `api` that is no path.
 *
 * @example
 * app.use("/mcp-console", expressConsole({ api: "/mcp" }))
 */
export const expressConsole = (options: ConsoleOptions): ExpressMiddleware =>
  expressMooring(mooringConsole(options))

import { type KoaMiddleware, koaMooring } from "@mooring/adapter-koa"
import { type ConsoleOptions, mooringConsole } from "./mooringConsole.ts"

/** Options of {@link koaConsole}. */
export interface KoaConsoleOptions extends ConsoleOptions {
  /** Where the console is, such as "/mcp-console". Default: "/". `koa-mount` does the same from outside. */
  readonly path?: string
}

/**
 * Mounts the console into Koa 3.
 *
 * @throws TypeError for an `api` or a `path` that is no path.
 *
 * @example
 * app.use(koaConsole({ path: "/mcp-console", api: "/mcp" }))
 */
export const koaConsole = ({ path = "/", ...options }: KoaConsoleOptions): KoaMiddleware =>
  koaMooring(mooringConsole(options), { path })

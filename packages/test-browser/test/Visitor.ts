import type { Browser, BrowserContext, ConsoleMessage } from "playwright-core"
import { type BrowserHost, userCookie } from "./startHost.ts"

export interface VisitorOptions {
  /** Who is signed in to the host in this browser. Default: alice. */
  readonly user?: string
  readonly javaScriptEnabled?: boolean
}

/** Somebody's browser: cookies of their own, and all that it complains about. */
export interface Visitor extends AsyncDisposable, Pick<BrowserContext, "newPage"> {
  /** Errors and warnings of the console, violations of policies among them, and what no script has caught. */
  readonly complaints: ReadonlyArray<string>
}

export const newVisitor = async (
  browser: Browser,
  host: BrowserHost,
  { javaScriptEnabled = true, user = "alice" }: VisitorOptions = {},
): Promise<Visitor> => {
  const context = await browser.newContext({ javaScriptEnabled })
  await context.addCookies([{ name: userCookie, value: user, url: host.origin }])
  const complaints: Array<string> = []
  context.on("console", (message) => {
    const isComplaint = ["error", "warning"].includes(message.type()) && !isAboutStatus(message)
    if (isComplaint) complaints.push(`${message.location().url}: ${message.text()}`)
  })
  context.on("weberror", (error) => complaints.push(String(error.error())))
  return {
    newPage: () => context.newPage(),
    complaints,
    [Symbol.asyncDispose]: () => context.close(),
  }
}

/**
 * Chromium notes every status that is not 2xx, also that of a page which tells of a failure, of a missing icon, or of an
 * API whose refusals the console shows.
 */
const isAboutStatus = (message: ConsoleMessage): boolean =>
  message.text().startsWith("Failed to load resource: the server responded with a status of ") &&
  /\/(favicon\.ico|oauth\/callback\?[^/]*|v1\/mcp-servers\/.*)$/.test(message.location().url)

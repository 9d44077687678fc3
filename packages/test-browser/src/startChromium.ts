import { type Browser, chromium } from "playwright-core"
import { findChromium } from "./findChromium.ts"
import { missingChromium } from "./missingChromium.ts"

/** As CONTRIBUTING.md has them. */
const flags = [
  "--headless",
  // Root has no sandbox, and CI is root.
  "--no-sandbox",
  "--disable-gpu",
  // It talks to the servers of the tests and to nobody else.
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Starts the Chromium of this machine, without a window. */
export const startChromium = async (): Promise<Browser> => {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(`The browser can't be started: ${missingChromium}`)
  return chromium.launch({ executablePath, args: flags })
}

import { findChromium } from "./findChromium.ts"
import { missingChromium } from "./missingChromium.ts"

/**
 * Whether tests do without a browser here: because there is none, which is then said on stderr. Never in CI, where they
 * fail instead: nobody reads there what was skipped.
 */
export const chromiumIsOptional = (environment = process.env): boolean => {
  if (environment["CI"] !== undefined || findChromium(environment) !== undefined) return false
  process.stderr.write(`!!! BROWSER TESTS ARE SKIPPED: ${missingChromium}\n`)
  return true
}

import type { Page } from "playwright-core"
import { expect } from "vitest"
import { barriers, faintText, tooWide } from "../barriers.ts"
import { lookAt } from "../lookAt.ts"
import type { BrowserHost } from "../startHost.ts"
import type { Visitor } from "../Visitor.ts"

/** The console in somebody's browser. */
export interface ConsolePage {
  readonly page: Page
  /** Keeps what it looks like now, and expects that nothing stands in anybody's way: `artifacts/browser/console/<name>-light.png`. */
  readonly look: (name: string) => Promise<void>
  /** Opens a screen by its address behind the "#". */
  readonly goTo: (hash: string) => Promise<void>
}

/** Each look is examined for what it alone can show: all of it three times takes three times as long. */
const examine = { light: barriers, dark: faintText, narrow: tooWide }

export const openConsole = async (visitor: Visitor, host: BrowserHost): Promise<ConsolePage> => {
  const page = await visitor.newPage()
  await page.goto(host.console)
  return {
    page,
    look: (name) =>
      lookAt(page, `console/${name}`, async (look) => {
        expect(await examine[look](page), `${name}, ${look}`).toStrictEqual([])
      }),
    goTo: async (hash) => {
      await page.goto(`${host.console}/${hash}`)
    },
  }
}

/** Has the API answer a request with an error, as a host with other options would. */
export const refuse = (page: Page, path: string, status: number, type: string, message: string) =>
  page.route(path, (route) =>
    route.fulfill({
      status,
      contentType: "application/json",
      body: JSON.stringify({ detail: message, message, error: { type } }),
    }),
  )

import type { Page } from "playwright-core"
import type { BrowserHost } from "./startHost.ts"
import type { Visitor } from "./Visitor.ts"

/** A page of a host, which opens sign-ins and waits for what comes of them. */
export interface HostPage {
  /** Opens a URL by `window.open`, as a user who clicks has it opened. */
  readonly openPopup: (url: string) => Promise<Page>
  /** What came from the window that it opened (`opener`), or by BroadcastChannel (`channel`), once something came. */
  readonly heard: (via: "channel" | "opener") => Promise<ReadonlyArray<unknown>>
  readonly hasHeardByChannel: () => Promise<boolean>
}

export const openHostPage = async (visitor: Visitor, { origin }: BrowserHost): Promise<HostPage> => {
  const page = await visitor.newPage()
  await page.goto(origin)
  return {
    openPopup: async (url) => {
      await page.goto(`${origin}/#${encodeURIComponent(url)}`)
      const opening = page.waitForEvent("popup")
      await page.locator("button").click()
      return opening
    },
    heard: async (via) => {
      const items = page.locator(`li.${via}`)
      await items.first().waitFor()
      return (await items.allInnerTexts()).map((item): unknown => JSON.parse(item))
    },
    hasHeardByChannel: async () => (await page.locator("li.channel").count()) > 0,
  }
}

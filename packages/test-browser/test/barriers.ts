import { AxeBuilder } from "@axe-core/playwright"
import type { Page } from "playwright-core"

/** What makes a page hard to use for some people, with the elements: an empty list is what a test expects. */
export const barriers = async (page: Page): Promise<ReadonlyArray<string>> => {
  // Legacy mode does without a page of axe's own, which only frames of other origins take.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  const tooWide: unknown = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`),
    ...(tooWide === true ? ["It has to be scrolled sideways"] : []),
  ]
}

import { AxeBuilder } from "@axe-core/playwright"
import type { Page } from "playwright-core"

/** What makes a page hard to use for some people, with the elements: an empty list is what a test expects. */
export const barriers = async (page: Page): Promise<ReadonlyArray<string>> => [
  ...(await violations(new AxeBuilder({ page }))),
  ...(await tooWide(page)),
]

/** Of these, what colours alone decide: all that another colour scheme can change. */
export const faintText = (page: Page): Promise<ReadonlyArray<string>> =>
  violations(new AxeBuilder({ page }).withRules("color-contrast"))

const violations = async (axe: AxeBuilder): Promise<ReadonlyArray<string>> => {
  // Legacy mode does without a page of axe's own, which only frames of other origins take.
  const { violations } = await axe.setLegacyMode().analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`)
}

/** Whether it has to be scrolled sideways, in the same form. */
export const tooWide = async (page: Page): Promise<ReadonlyArray<string>> => {
  const isTooWide: unknown = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
  return isTooWide === true ? ["It has to be scrolled sideways"] : []
}

import type { Page } from "playwright-core"

// Buttons of the authorization server's pages are found by what they send, whatever the pages say and look like.
export const loginButton = (page: Page) => page.locator("button[name=user][value=alice]")
export const decisionButton = (page: Page, decision: "allow" | "refuse") =>
  page.locator(`button[name=decision][value=${decision}]`)

/** Signs in as alice and decides. For a window that the console closes as soon as it knows how that went. */
export const decideAsAlice = async (page: Page, decision: "allow" | "refuse" = "allow"): Promise<void> => {
  await loginButton(page).click()
  await decisionButton(page, decision).click()
}

/** Signs in as alice and decides, from an authorization URL to our page. */
export const signInAsAlice = async (page: Page, decision: "allow" | "refuse" = "allow"): Promise<void> => {
  await decideAsAlice(page, decision)
  await page.waitForURL(/\/oauth\/callback\?/)
}

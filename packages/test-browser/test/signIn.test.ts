import { chromiumIsOptional, startChromium } from "@mooring/test-browser"
import { authorizationServer, misbehavingAuthorizationServer, protectedMcpServer } from "@mooring/testkit"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { barriers } from "./barriers.ts"
import { beginSignIn } from "./beginSignIn.ts"
import { endings } from "./endings.ts"
import { lookAt } from "./lookAt.ts"
import { openHostPage } from "./openHostPage.ts"
import { decisionButton, loginButton, signInAsAlice } from "./signInPages.ts"
import { startHost } from "./startHost.ts"
import { newVisitor } from "./Visitor.ts"

describe.skipIf(chromiumIsOptional())("a sign-in in Chromium", () => {
  const opened = new AsyncDisposableStack()
  let browser: Browser
  let mcpServerUrl: string
  let misbehavingUrl: string
  beforeAll(async () => {
    browser = opened.use(await startChromium())
    const server = opened.use(await authorizationServer())
    mcpServerUrl = opened.use(await protectedMcpServer({ authorizationServer: server })).url
    misbehavingUrl = opened.use(await misbehavingAuthorizationServer("code_invalid_grant")).mcpServer.url
  })
  afterAll(() => opened.disposeAsync())

  const unobstructed = (page: Page) => async (look: string) => {
    expect(await barriers(page), look).toStrictEqual([])
  }

  describe.each(["express", "koa"] as const)("to a host on %s", (framework) => {
    test("opened by a page of the host, which hears of its success; the tool that is run knows the user", async () => {
      await using host = await startHost(framework)
      await using begun = await beginSignIn(host, mcpServerUrl)
      await using visitor = await newVisitor(browser, host)
      const hostPage = await openHostPage(visitor, host)
      const popup = await hostPage.openPopup(begun.url)
      await loginButton(popup).waitFor()
      await lookAt(popup, `${framework}/login`, unobstructed(popup))
      await loginButton(popup).click()
      await decisionButton(popup, "allow").waitFor()
      await lookAt(popup, `${framework}/consent`, unobstructed(popup))
      await decisionButton(popup, "allow").click()

      expect(await hostPage.heard("opener")).toStrictEqual([begun.told("success")])
      expect(await hostPage.heard("channel")).toStrictEqual([begun.told("success")])
      expect(await begun.end()).toBe("success")
      expect(await begun.whoami()).toBe("alice")
      expect(visitor.complaints).toStrictEqual([])
    })

    test("in a tab of its own: the pages of the host hear of it all the same", async () => {
      await using host = await startHost(framework)
      await using begun = await beginSignIn(host, mcpServerUrl)
      await using visitor = await newVisitor(browser, host)
      const hostPage = await openHostPage(visitor, host)
      const tab = await visitor.newPage()
      await tab.goto(begun.url)
      await signInAsAlice(tab)
      expect(await hostPage.heard("channel")).toStrictEqual([begun.told("success")])
      expect(await begun.end()).toBe("success")
      expect(visitor.complaints).toStrictEqual([])
    })

    test("opened by a page that knows no windows but its own: it hears of it all the same", async () => {
      await using host = await startHost(framework, { isolatesWindows: true })
      await using begun = await beginSignIn(host, mcpServerUrl)
      await using visitor = await newVisitor(browser, host)
      const hostPage = await openHostPage(visitor, host)
      const popup = await hostPage.openPopup(begun.url)
      await signInAsAlice(popup)
      expect(await popup.evaluate("opener")).toBeNull()
      expect(await hostPage.heard("channel")).toStrictEqual([begun.told("success")])
      expect(await begun.end()).toBe("success")
      expect(visitor.complaints).toStrictEqual([])
    })

    test("opened by a page of another origin, which hears nothing", async () => {
      await using host = await startHost(framework)
      await using stranger = await startHost(framework)
      await using begun = await beginSignIn(host, mcpServerUrl)
      await using visitor = await newVisitor(browser, host)
      const hostPage = await openHostPage(visitor, host)
      const strangerPage = await openHostPage(visitor, stranger)
      const popup = await strangerPage.openPopup(begun.url)
      await signInAsAlice(popup)
      expect(await hostPage.heard("channel")).toStrictEqual([begun.told("success")])
      // A message that does arrive, and would arrive after those before it.
      await popup.evaluate("opener.postMessage('after', '*')")
      expect(await strangerPage.heard("opener")).toStrictEqual([{ origin: host.origin, data: "after" }])
      expect(await strangerPage.hasHeardByChannel()).toBe(false)
    })

    test.each(Object.entries(endings))(
      "that ends in %s: a page says so, with scripts and without",
      async (name, { event, isMisbehaving, reach, role, text, title, user }) => {
        for (const javaScriptEnabled of [true, false]) {
          await using host = await startHost(framework)
          await using begun = await beginSignIn(host, isMisbehaving ? misbehavingUrl : mcpServerUrl)
          await using visitor = await newVisitor(browser, host, { user, javaScriptEnabled })
          const page = await visitor.newPage()
          await page.goto(begun.url)
          await reach(page)
          expect(await page.title()).toBe(title)
          expect(await page.locator("html").getAttribute("lang")).toBe("en")
          const main = page.getByRole("main")
          expect(await main.getByRole("heading", { level: 1 }).allInnerTexts()).toStrictEqual([title])
          expect(await main.getByRole(role).allInnerTexts()).toStrictEqual([text])
          if (javaScriptEnabled) {
            await lookAt(page, `${framework}/${name}`, unobstructed(page))
          }
          if (event !== undefined) expect(await begun.end()).toBe(event)
          expect(visitor.complaints).toStrictEqual([])
        }
      },
    )
  })
})

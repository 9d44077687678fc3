import { chromiumIsOptional, startChromium } from "@mooring/test-browser"
import { authorizationServer, everythingServer, legacyServer, protectedMcpServer } from "@mooring/testkit"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { decideAsAlice } from "../signInPages.ts"
import { startHost } from "../startHost.ts"
import { newVisitor } from "../Visitor.ts"
import { openConsole } from "./openConsole.ts"
import { planVoyage } from "./showTools.ts"

describe.skipIf(chromiumIsOptional())("the way through the console", () => {
  const opened = new AsyncDisposableStack()
  let browser: Browser
  let openUrl: string
  let protectedUrl: string
  beforeAll(async () => {
    browser = opened.use(await startChromium())
    const server = opened.use(await authorizationServer())
    protectedUrl = opened.use(await protectedMcpServer({ authorizationServer: server })).url
    openUrl = opened.use(await legacyServer({ tools: [planVoyage] })).url
  })
  afterAll(() => opened.disposeAsync())

  test.each(["express", "koa"] as const)(
    "on %s: a file is pasted, a user signs in, a nested form is filled in, an image is seen",
    async (framework) => {
      await using host = await startHost(framework, { stdio: "any" })
      await using visitor = await newVisitor(browser, host)
      const { look, page } = await openConsole(visitor, host)

      await page.getByRole("link", { name: "Import from a file" }).click()
      const { args, command } = everythingServer("stdio")
      const file = {
        mcpServers: {
          everything: { command, args },
          harbour: { url: openUrl },
          lighthouse: { type: "http", url: protectedUrl },
        },
      }
      await page.getByLabel("File with MCP servers").fill(JSON.stringify(file, null, 2))
      await page.getByRole("button", { name: "Add 3 servers" }).click()
      await page.getByText("3 servers were added.").waitFor()
      await page.getByRole("link", { name: "See all servers" }).click()

      const card = (name: string) => page.getByRole("listitem").filter({ hasText: name })
      await card("everything").getByText("Connected").waitFor()
      const opening = page.waitForEvent("popup")
      await card("lighthouse").getByRole("link", { name: "Sign in lighthouse" }).click()
      const popup = await opening
      await popup.waitForURL(/\/interaction\//)
      // The page was chosen by an MCP server: it must not know the console.
      expect(await popup.evaluate("opener")).toBeNull()
      const closing = popup.waitForEvent("close")
      await decideAsAlice(popup)
      await page.getByText("Connected", { exact: true }).waitFor()
      await closing
      await page.getByRole("link", { name: "See its tools" }).click()
      await page.getByText("whoami").click()
      const run = page.getByRole("button", { name: "Run", exact: true })
      const result = page.getByRole("region", { name: "Result", exact: true })
      await run.click()
      await result.getByText("alice").waitFor()

      await page.getByRole("link", { name: "All servers" }).click()
      await page.getByRole("link", { name: "harbour" }).click()
      await page.getByText("plan-voyage").click()
      await page.getByLabel("from").fill("Kiel")
      await page.getByRole("textbox", { name: "to" }).fill("Riga")
      await page.getByLabel("crew").fill("6")
      await page.getByLabel("name").fill("Ahoy")
      await page.getByLabel("masts").fill("2")
      await run.click()
      await result.getByText('"masts":2').waitFor()

      await page.getByRole("link", { name: "All servers" }).click()
      await page.getByRole("link", { name: "everything" }).click()
      await page.getByText("get-tiny-image").click()
      await run.click()
      await result.getByRole("img").waitFor()
      await expect
        .poll(() => page.evaluate("document.querySelector('.result img').naturalWidth"))
        .toBeGreaterThan(1)
      await look(`journey-${framework}`)

      await page.getByRole("link", { name: "All servers" }).click()
      await page.getByRole("link", { name: "lighthouse", exact: true }).click()
      await page.getByRole("link", { name: "Health" }).click()
      await page.getByRole("button", { name: "Sign out" }).click()
      await page.getByText("You are signed out.").waitFor()
      await page.getByText("Needs sign-in").waitFor()
      expect(visitor.complaints).toStrictEqual([])
    },
  )
})

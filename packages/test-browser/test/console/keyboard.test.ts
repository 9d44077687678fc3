import { chromiumIsOptional, startChromium } from "@mooring/test-browser"
import { legacyServer } from "@mooring/testkit"
import { expect, test } from "vitest"
import { startHost } from "../startHost.ts"
import { newVisitor } from "../Visitor.ts"
import { openConsole } from "./openConsole.ts"
import { showTools } from "./showTools.ts"

test.skipIf(chromiumIsOptional())(
  "the console is used without a mouse, and the focus is never lost",
  async () => {
    await using browser = await startChromium()
    await using server = await legacyServer({ tools: showTools })
    await using host = await startHost("express")
    await using visitor = await newVisitor(browser, host)
    const { page } = await openConsole(visitor, host)
    const { keyboard } = page
    const focused = () =>
      page.evaluate("document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText || ''")
    /** Goes on by Tab until that has the focus. */
    const tabTo = async (text: string) => {
      for (let presses = 0; presses < 30; presses++) {
        await keyboard.press("Tab")
        if (String(await focused()).startsWith(text)) return
      }
      throw new Error(`${text} is not reached by Tab`)
    }
    const expectFocus = (text: string) => expect.poll(focused, { timeout: 20_000 }).toContain(text)

    await page.getByRole("heading", { name: "No servers yet" }).waitFor()
    await keyboard.press("Tab")
    await expectFocus("Skip to the content")
    await keyboard.press("Enter")
    await tabTo("Add server")
    await keyboard.press("Enter")
    await expectFocus("Add a server")
    await tabTo("Name")
    await keyboard.type("Harbour")
    await tabTo("Address")
    await keyboard.type(server.url)
    await keyboard.press("Enter")
    await expectFocus("Connect to Harbour")
    await page.getByText("See its tools").waitFor()
    await tabTo("See its tools")
    await keyboard.press("Enter")
    await expectFocus("Harbour")
    await page.locator(".tool-list").waitFor()
    await tabTo("sink")
    await keyboard.press("Enter")
    await expectFocus("sink")
    await tabTo("ship")
    await keyboard.type("Ahoy")
    await keyboard.press("Control+Enter")
    await expectFocus("Cancel")
    await keyboard.press("Escape")
    await expectFocus("ship")
    await keyboard.press("Control+Enter")
    await expectFocus("Cancel")
    await keyboard.press("Tab")
    await expectFocus("Run it")
    await keyboard.press("Enter")
    await page.getByText("Ahoy is gone").waitFor()
    await expectFocus("ship")
    expect(visitor.complaints).toStrictEqual([])
  },
)

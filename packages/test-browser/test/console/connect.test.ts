import { chromiumIsOptional, startChromium } from "@mooring/test-browser"
import { authorizationServer, protectedMcpServer } from "@mooring/testkit"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { HostOptions } from "../hostPage.ts"
import { decideAsAlice, decisionButton, signInAsAlice } from "../signInPages.ts"
import { startHost } from "../startHost.ts"
import { newVisitor } from "../Visitor.ts"
import { openConsole } from "./openConsole.ts"

describe.skipIf(chromiumIsOptional())("connecting in the console", () => {
  const opened = new AsyncDisposableStack()
  let browser: Browser
  let protectedUrl: string
  beforeAll(async () => {
    browser = opened.use(await startChromium())
    const server = opened.use(await authorizationServer())
    protectedUrl = opened.use(await protectedMcpServer({ authorizationServer: server })).url
  })
  afterAll(() => opened.disposeAsync())

  /** The console at a server that wants a sign-in. */
  const openServer = async (options: HostOptions = {}) => {
    const own = new AsyncDisposableStack()
    const host = own.use(await startHost("express", options))
    const visitor = own.use(await newVisitor(browser, host))
    const { id = "" } = await host.letta("alice").mcpServers.create({
      server_name: "Lighthouse",
      config: { mcp_server_type: "streamable_http", server_url: protectedUrl },
    })
    const console = await openConsole(visitor, host)
    const { page } = console
    await console.goTo(`#/servers/${id}`)
    await page.getByText("Needs sign-in").waitFor()
    return {
      ...console,
      id,
      visitor,
      /** Clicks "Sign in", which opens a window with that very click. */
      signIn: async () => {
        const opening = page.waitForEvent("popup")
        await page.getByRole("link", { name: "Sign in" }).click()
        const popup = await opening
        await popup.waitForURL(/\/interaction\//)
        return popup
      },
      [Symbol.asyncDispose]: () => own.disposeAsync(),
    }
  }

  test("waits for a sign-in, and is cancelled", async () => {
    await using opened = await openServer()
    const { look, page, signIn } = opened
    const popup = await signIn()
    await page.getByText("A window has been opened for you to sign in.").waitFor()
    await look("connect-waiting")
    await page.getByRole("button", { name: "Cancel" }).click()
    await page.getByText("Cancelled. Nothing was stored.").waitFor()
    // It is a page of the authorization server, which the console has no power over.
    expect(popup.isClosed()).toBe(false)
    await look("connect-cancelled")
    expect(opened.visitor.complaints).toStrictEqual([])
  })

  test("is refused, tried once more and done", async () => {
    await using opened = await openServer()
    const { look, page, signIn } = opened
    await decideAsAlice(await signIn(), "refuse")
    await page.getByText("The sign-in was refused").waitFor()
    await look("connect-refused")
    const opening = page.waitForEvent("popup")
    await page.getByRole("button", { name: "Try again" }).click()
    const popup = await opening
    // There one is known already, and only asked again.
    await decisionButton(popup, "allow").click()
    await page.getByText(/^It offers \d+ tools?\.$/).waitFor()
    await look("connect-done")
    expect(opened.visitor.complaints).toStrictEqual([])
  })

  test("goes on by a link where windows are blocked", async () => {
    await using opened = await openServer()
    const { look, page } = opened
    await page.evaluate("window.open = () => null")
    await page.getByRole("link", { name: "Sign in" }).click()
    const link = page.getByRole("link", { name: "Open the sign-in" })
    await link.waitFor()
    expect(await link.getAttribute("rel")).toBe("noreferrer noopener")
    await look("connect-blocked")
    const opening = page.context().waitForEvent("page")
    await link.click()
    await signInAsAlice(await opening)
    await page.getByText(/^It offers \d+ tools?\.$/).waitFor()
    expect(opened.visitor.complaints).toStrictEqual([])
  })

  test("needs no word from the window: on a host whose pages know none but their own", async () => {
    await using opened = await openServer({ isolatesWindows: true })
    await decideAsAlice(await opened.signIn())
    await opened.page.getByText(/^It offers \d+ tools?\.$/).waitFor()
    expect(opened.visitor.complaints).toStrictEqual([])
  })

  test("tells what the window was told: another user there; and that it took too long", async () => {
    await using opened = await openServer()
    const { goTo, id, look, page } = opened
    const { promise: isTold, resolve: told } = Promise.withResolvers<void>()
    const frame = (event: object) => `data: ${JSON.stringify(event)}\n\n`
    const begun = [
      { event: "connection_attempt", server_name: "Lighthouse" },
      { event: "oauth_required", message: "" },
      { event: "authorization_url", url: "https://example.com/authorize", session_id: "s1" },
      { event: "waiting_for_auth", message: "" },
    ].map(frame)
    const expired = frame({ event: "error", code: "authorization_expired", message: "Nobody has signed in." })
    await page.route("**/v1/mcp-servers/connect/*", async (route) => {
      await route.fulfill({ contentType: "text/event-stream", body: begun.join("") + expired })
      told()
    })
    await goTo(`#/servers/${id}/connect`)
    await isTold
    await page.getByText("The sign-in took too long").waitFor()
    await look("connect-expired")
    await page.unroute("**/v1/mcp-servers/connect/*")

    await page.evaluate("window.open = () => null")
    const answering = page.waitForResponse((response) => response.url().includes("/connect/"))
    await page.getByRole("button", { name: "Try again" }).click()
    await answering
    const link = page.getByRole("link", { name: "Open the sign-in" })
    await link.waitFor()
    await page.context().clearCookies()
    await page.context().addCookies([{ name: "host_user", value: "bob", url: new URL(page.url()).origin }])
    const opening = page.context().waitForEvent("page")
    await link.click()
    const tab = await opening
    await signInAsAlice(tab)
    await page.getByText("Somebody else was signed in to this host").waitFor()
    await look("connect-other-user")
    expect(opened.visitor.complaints).toStrictEqual([])
  })
})

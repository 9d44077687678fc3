import { chromiumIsOptional, startChromium } from "@mooring/test-browser"
import { legacyServer, type TestTool } from "@mooring/testkit"
import type { Page } from "playwright-core"
import { describe, expect, test } from "vitest"
import { startHost } from "../startHost.ts"
import { newVisitor } from "../Visitor.ts"
import { openConsole } from "./openConsole.ts"

const script = "<script>document.title='pwned'</script>"
const image = "<img src=x onerror=\"document.title='pwned'\">"
const link = "javascript:document.title='pwned'"
const base64 = (text: string) => Buffer.from(text).toString("base64")
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='pwned'">${script}</svg>`

/**
 * Everything that a server can say of a tool, and of its result, says what it should not. What the MCP client does not
 * let through (data that is no base64, types that are none) is tested on `contentPart` alone.
 */
const hostileTool: TestTool = {
  name: `${image}\u202Egnp.exe`,
  title: script,
  description: `${script}${image} [click](${link}) ${"long ".repeat(5_000)}`,
  annotations: { title: `${image}\u202Etitle`, readOnlyHint: "yes", destructiveHint: "<b>" },
  inputSchema: {
    type: "object",
    title: script,
    properties: {
      [image]: { type: "string", title: script, description: image, default: `"${image}` },
      __proto__x: { enum: [script, image, { a: link }], default: script },
      constructor: { type: "object", properties: { toString: { type: "string", default: link } } },
      [`' onfocus="${link}" x='`]: { oneOf: [{ title: script, type: "string" }, { $ref: "#" }] },
      regexp: { type: "string", pattern: "^(a+)+$", default: `${"a".repeat(80)}!` },
    },
    required: [image, "constructor"],
  },
  handle: () => ({
    content: [
      { type: "text", text: `${script}${image}\u202E` },
      { type: "image", data: base64(svg), mimeType: "image/svg+xml" },
      { type: "image", data: base64(svg), mimeType: "image/png" },
      { type: "audio", data: base64(svg), mimeType: "text/html" },
      { type: "resource_link", uri: link, name: "Click me", title: image, description: script },
      { type: "resource_link", uri: `data:text/html,${script}`, name: "Or me" },
      { type: "resource", resource: { uri: link, mimeType: "text/html", text: script } },
      {
        type: "resource",
        resource: { uri: "https://example.com/", mimeType: "image/svg+xml", blob: base64(svg) },
      },
    ],
    structuredContent: { [script]: image, link },
  }),
}

/** What on the page is more than text. */
const dangers = (page: Page) =>
  page.evaluate(`[
    ...document.querySelectorAll("body script, iframe, object, embed, [onerror], [onload], [onfocus], [style]:not([style='']), base, form[action]"),
    ...[...document.querySelectorAll("a[href], area[href]")].filter(({ href }) => !/^https?:/.test(href)),
    ...[...document.querySelectorAll("img, audio, video, source")].filter(({ src }) => !/^data:(image|audio)[/](?!svg)/.test(src)),
  ].map((element) => element.outerHTML.slice(0, 200))`)

test.skipIf(chromiumIsOptional())(
  "a hostile server's words are words, wherever the console shows them",
  async () => {
    await using browser = await startChromium()
    await using server = await legacyServer({ name: script, tools: [hostileTool] })
    await using host = await startHost("express")
    await using visitor = await newVisitor(browser, host)
    const { id = "" } = await host.letta("alice").mcpServers.create({
      server_name: `${image}${script}`,
      config: {
        mcp_server_type: "streamable_http",
        server_url: `${server.url}?q=${encodeURIComponent(script)}`,
      },
    })
    const { goTo, look, page } = await openConsole(visitor, host)
    const requested: Array<string> = []
    page.on("request", (request) => requested.push(request.url()))
    page.on("dialog", (dialog) => requested.push(`dialog: ${dialog.message()}`))
    const harmless = async () => {
      expect(await dangers(page)).toStrictEqual([])
      expect(await page.title()).not.toBe("pwned")
      expect(
        requested.filter((url) => !url.startsWith(`${host.origin}/deep/mcp`) && !url.startsWith("data:")),
      ).toStrictEqual([])
      expect(visitor.complaints).toStrictEqual([])
    }
    await page.getByText("Connected").waitFor()
    await harmless()

    await goTo(`#/servers/${id}`)
    await page.locator(".tool-list a").click()
    await page.getByRole("heading", { name: "Arguments" }).waitFor()
    await look("hostile-tool")
    await harmless()
    // Characters that turn the direction of writing are shown for what they are.
    expect(await page.locator(".tool-name").innerText()).toContain("\uFFFDgnp.exe")
    expect(await page.locator(".foreign").first().innerText()).toHaveLength(1_501)

    await page.getByRole("button", { name: "Run", exact: true }).click()
    const result = page.getByRole("region", { name: "Result", exact: true })
    await result.waitFor()
    expect(
      await page.evaluate("[...document.querySelectorAll('.result a')].map(({ href }) => href)"),
    ).toStrictEqual(["https://example.com/"])
    await harmless()
    await look("hostile-result")
    await result.getByRole("button", { name: "Raw" }).click()
    await harmless()
    for (const tab of ["health", "activity", "settings", "connect"]) {
      await goTo(`#/servers/${id}/${tab}`)
      await page.getByRole("heading", { level: 1 }).getByText("onerror").waitFor()
      await harmless()
    }
  },
)

describe.skipIf(chromiumIsOptional())("the policy of the page", () => {
  test("holds where a text would become a part of it all the same", async () => {
    await using browser = await startChromium()
    await using host = await startHost("express")
    await using visitor = await newVisitor(browser, host)
    const { page } = await openConsole(visitor, host)
    await page.getByRole("heading", { name: "No servers yet" }).waitFor()
    await expect(page.evaluate("document.body.innerHTML = '<b>x</b>'")).rejects.toThrow("TrustedHTML")
    const blocked = await page.evaluate(`new Promise((resolve) => {
      addEventListener("securitypolicyviolation", ({ violatedDirective }) => resolve(violatedDirective))
      fetch("https://example.com/").catch(() => {})
    })`)
    expect(blocked).toBe("connect-src")
  })
})

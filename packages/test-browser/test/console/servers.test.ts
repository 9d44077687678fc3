import { chromiumIsOptional, startChromium } from "@mooring/test-browser"
import { authorizationServer, legacyServer, protectedMcpServer } from "@mooring/testkit"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startHost } from "../startHost.ts"
import { newVisitor } from "../Visitor.ts"
import { openConsole, refuse } from "./openConsole.ts"
import { showTools } from "./showTools.ts"

describe.skipIf(chromiumIsOptional())("the console's servers", () => {
  const opened = new AsyncDisposableStack()
  let browser: Browser
  let openUrl: string
  let protectedUrl: string
  beforeAll(async () => {
    browser = opened.use(await startChromium())
    const server = opened.use(await authorizationServer())
    protectedUrl = opened.use(await protectedMcpServer({ authorizationServer: server })).url
    openUrl = opened.use(await legacyServer({ tools: showTools })).url
  })
  afterAll(() => opened.disposeAsync())

  test("are loading, cannot be loaded and are loaded by another try, and are none yet", async () => {
    await using host = await startHost("express")
    await using visitor = await newVisitor(browser, host)
    const { look, page } = await openConsole(visitor, host)
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>()
    await page.route("**/v1/mcp-servers/", async (route) => {
      await mayAnswer
      await route.abort()
    })
    await page.reload()
    await page.getByText("Loading the servers").waitFor()
    await look("servers-loading")
    answer()
    const retry = page.getByRole("button", { name: "Try again" })
    await retry.waitFor()
    await look("servers-error")
    await page.unroute("**/v1/mcp-servers/")
    await retry.click()
    await page.getByRole("heading", { name: "No servers yet" }).waitFor()
    await look("servers-empty")
    await page.getByRole("link", { name: "Import from a file" }).click()
    await page.getByRole("heading", { level: 1, name: "Import servers" }).waitFor()
    expect(visitor.complaints.filter((complaint) => !complaint.includes("ERR_FAILED"))).toStrictEqual([])
  })

  test("are connected, connecting, in need of a sign-in, failed and off, each with what to do", async () => {
    await using host = await startHost("express")
    const { mcpServers } = host.letta("alice")
    const register = async (name: string, url: string) =>
      mcpServers.create({
        server_name: name,
        config: { mcp_server_type: "streamable_http", server_url: url },
      })
    await register("Harbour", openUrl)
    await register("Lighthouse", protectedUrl)
    await register("Wreck", "http://127.0.0.1:9/mcp")
    const forbidden = await register("Galley", openUrl)
    const slow = await register("Ferry", openUrl)
    await using visitor = await newVisitor(browser, host)
    const { look, page } = await openConsole(visitor, host)
    await refuse(
      page,
      `**/${forbidden.id}/refresh`,
      403,
      "stdio_disabled",
      'Servers by command are turned off on this host (the option "stdio").',
    )
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>()
    await page.route(`**/${slow.id}/refresh`, async (route) => {
      await mayAnswer
      await route.continue()
    })
    await page.reload()
    const card = (name: string) => page.getByRole("listitem").filter({ hasText: name })
    await card("Harbour").getByText("Connected").waitFor()
    await card("Harbour").getByText(`${showTools.length} tools`).waitFor()
    await card("Lighthouse").getByText("Needs sign-in").waitFor()
    await card("Lighthouse").getByRole("link", { name: "Sign in Lighthouse" }).waitFor()
    await card("Wreck").getByText("Failed").waitFor()
    await card("Wreck").getByText("connection refused").waitFor()
    await card("Galley").getByText("Off", { exact: true }).waitFor()
    await card("Ferry").getByText("Connecting").waitFor()
    await look("servers-states")
    answer()
    await card("Ferry").getByText("Connected").waitFor()
    const again = page.waitForRequest((request) => request.url().endsWith("/health"))
    await card("Wreck").getByRole("button", { name: "Try again Wreck" }).click()
    await again
    await page.getByRole("link", { name: "Wreck" }).click()
    await page.getByRole("alert").getByText("connection refused").waitFor()
    await look("server-failed")
    await page.goto(`${host.console}/#/servers/mcp_server-none`)
    await page.getByRole("heading", { name: "This server is not there" }).waitFor()
    await look("server-gone")
    await page.goto(`${host.console}/#/nowhere`)
    await page.getByRole("heading", { name: "There is no such page" }).waitFor()
    expect(visitor.complaints).toStrictEqual([])
  })

  test("belong to somebody: who is not known is asked for a token, which is sent from then on", async () => {
    await using host = await startHost("express")
    await using visitor = await newVisitor(browser, host, { user: "" })
    const { look, page } = await openConsole(visitor, host)
    await page.getByRole("heading", { name: "Who are you?" }).waitFor()
    await look("servers-unknown-user")
    await page.getByLabel("Access token").fill("alice")
    const asking = page.waitForRequest("**/v1/mcp-servers/")
    await page.getByRole("button", { name: "Go on" }).click()
    expect((await asking).headers()["authorization"]).toBe("Bearer alice")
    await page.getByRole("heading", { name: "No servers yet" }).waitFor()
  })

  test("are added by hand: what is wrong stands at its field, a taken name and a forbidden command too", async () => {
    await using host = await startHost("express")
    await using visitor = await newVisitor(browser, host)
    const { goTo, look, page } = await openConsole(visitor, host)
    await goTo("#/add")
    const add = page.getByRole("button", { name: "Add server" })
    await look("add-http")
    await add.click()
    await page.getByText("Give the server a name.").waitFor()
    expect(await page.evaluate("document.activeElement.labels[0].innerText")).toContain("Name")
    await look("add-problems")
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Harbour")
    await page.getByRole("textbox", { name: "Address" }).fill(openUrl)
    expect(await page.locator(".problem").count()).toBe(0)
    await page.getByText("Headers", { exact: true }).click()
    await page.getByRole("button", { name: "Add header" }).click()
    await page.getByLabel("Name of header 1").fill("bad header")
    await page.getByLabel("Value of header 1").fill("s3cret")
    await page.getByText("OAuth client").click()
    await look("add-http-all")
    await add.click()
    await page.locator(".secrets .problem").waitFor()
    await page.getByLabel("Name of header 1").fill("x-harbour")
    await add.click()
    await page.getByRole("heading", { name: "Connect to Harbour" }).waitFor()
    await page.getByText("Connected").waitFor()
    await look("connect-open")

    await goTo("#/add")
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Harbour")
    await page.getByRole("radio", { name: "SSE" }).check()
    await page.getByRole("textbox", { name: "Address" }).fill(openUrl)
    await add.click()
    await page.locator(".problem", { hasText: "Harbour" }).waitFor()
    await look("add-name-taken")
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Galley")
    await page.getByRole("radio", { name: "Command" }).check()
    await page.getByRole("textbox", { name: "Command" }).fill("node")
    await page.getByLabel("Arguments").fill("server.js\ntwo words")
    await page.getByRole("button", { name: "Add variable" }).click()
    await add.click()
    await page.getByRole("alert").getByText("stdio").waitFor()
    await look("add-stdio-disabled")
    expect(visitor.complaints).toStrictEqual([])
  })

  test("are imported from a file that is pasted or dropped, those that are chosen", async () => {
    await using host = await startHost("express")
    await using visitor = await newVisitor(browser, host)
    const { goTo, look, page } = await openConsole(visitor, host)
    await goTo("#/add/import")
    const box = page.getByLabel("File with MCP servers")
    await box.fill("{ nonsense")
    await page.getByText("This is no JSON").waitFor()
    await look("import-problem")
    const file = JSON.stringify({
      inputs: [{ id: "key", type: "promptString", description: "Key of the harbour", password: true }],
      servers: {
        harbour: { type: "http", url: openUrl, headers: { "x-key": "${input:key}" } },
        galley: { command: "node", args: ["galley.js"], env: { TOKEN: "s3cret" } },
        wreck: {},
        ferry: { type: "sse", url: "https://example.com/sse" },
      },
    })
    // Code of the page, whose types are not those of a test.
    const dropped = await page.evaluateHandle(`
      const transfer = new DataTransfer()
      transfer.items.add(new File([${JSON.stringify(file)}], "mcp.json", { type: "application/json" }))
      transfer`)
    await page.locator(".drop").dispatchEvent("drop", { dataTransfer: dropped })
    await page.getByText("4 servers were found").waitFor()
    await page.getByLabel("ferry").uncheck()
    await page.getByLabel("Key of the harbour").fill("s3cret")
    await look("import-choice")
    await page.getByRole("button", { name: "Add 2 servers" }).click()
    await page.getByText("One server was added.").waitFor()
    await page.locator(".candidate", { hasText: "galley" }).locator(".problem").waitFor()
    await look("import-done")
    const servers = await host.letta("alice").mcpServers.list()
    expect(servers).toMatchObject([{ server_name: "harbour", custom_headers: { "x-key": "s3cret" } }])
    expect(visitor.complaints).toStrictEqual([])
  })

  test("are changed without a secret of theirs being shown, and deleted after a question", async () => {
    await using host = await startHost("express")
    await using visitor = await newVisitor(browser, host)
    const letta = host.letta("alice")
    const { id = "" } = await letta.mcpServers.create({
      server_name: "Harbour",
      config: {
        mcp_server_type: "streamable_http",
        server_url: openUrl,
        auth_token: "t0ken-s3cret",
        custom_headers: { "x-one": "one-s3cret", "x-two": "two-s3cret" },
      },
    })
    const { goTo, look, page } = await openConsole(visitor, host)
    await goTo(`#/servers/${id}/settings`)
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Old harbour")
    await look("server-settings")
    expect(await page.content()).not.toContain("s3cret")
    await page.getByLabel("Value of header 2").fill("another")
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText("Saved.").waitFor()
    await page.getByRole("heading", { level: 1, name: "Old harbour" }).waitFor()
    expect(await letta.mcpServers.retrieve(id)).toMatchObject({
      server_name: "Old harbour",
      auth_token: "t0ken-s3cret",
      custom_headers: { "x-one": "one-s3cret", "x-two": "another" },
    })

    const deletion = page.getByRole("button", { name: "Delete …" })
    await deletion.click()
    const dialog = page.getByRole("dialog", { name: "Delete this server?" })
    await dialog.waitFor()
    await look("server-delete")
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Delete …")
    await deletion.click()
    await dialog.getByRole("button", { name: "Delete" }).click()
    await page.getByRole("heading", { name: "No servers yet" }).waitFor()
    expect(visitor.complaints).toStrictEqual([])
  })
})

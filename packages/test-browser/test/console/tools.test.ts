import { chromiumIsOptional, startChromium } from "@mooring/test-browser"
import { legacyServer, type McpTestServer, reportTool } from "@mooring/testkit"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startHost } from "../startHost.ts"
import { newVisitor } from "../Visitor.ts"
import { openConsole } from "./openConsole.ts"
import { showTools } from "./showTools.ts"

describe.skipIf(chromiumIsOptional())("the console's tools", () => {
  const opened = new AsyncDisposableStack()
  let browser: Browser
  let server: McpTestServer
  beforeAll(async () => {
    browser = opened.use(await startChromium())
    server = opened.use(await legacyServer({ tools: [...showTools, reportTool] }))
  })
  afterAll(() => opened.disposeAsync())

  /** The console at a server with these tools. */
  const openServer = async ({ approveChangedTools = false, url = server.url } = {}) => {
    const own = new AsyncDisposableStack()
    const limits = { resultBytes: 64 * 1024 }
    const host = own.use(await startHost("express", { approveChangedTools, limits }))
    const visitor = own.use(await newVisitor(browser, host))
    const letta = host.letta("alice")
    const { id = "" } = await letta.mcpServers.create({
      server_name: "Harbour",
      config: { mcp_server_type: "streamable_http", server_url: url },
    })
    const opened = await openConsole(visitor, host)
    await opened.goTo(`#/servers/${id}`)
    const { page } = opened
    return {
      ...opened,
      id,
      letta,
      visitor,
      run: page.getByRole("button", { name: "Run", exact: true }),
      result: page.getByRole("region", { name: "Result", exact: true }),
      choose: async (name: string) => {
        await page.locator(".tool-list").getByText(name, { exact: true }).click()
        await page.getByRole("heading", { level: 2, name }).waitFor()
      },
      [Symbol.asyncDispose]: () => own.disposeAsync(),
    }
  }

  test("are listed with what is worth knowing, searched, and refreshed with what has changed", async () => {
    await using opened = await openServer()
    const { look, page } = opened
    await page.getByText("plan-voyage").waitFor()
    for (const badge of ["Read-only", "Destructive", "Invalid schema"]) await page.getByText(badge).waitFor()
    await look("tools")
    await page.getByLabel("Search the tools").fill("ship sink")
    await page.getByText(`1 of ${showTools.length + 1} tools`).waitFor()
    expect(await page.locator(".tool-name").allInnerTexts()).toStrictEqual(["sink"])
    await page.getByLabel("Search the tools").fill("")
    const refresh = page.getByRole("button", { name: "Refresh" })
    await refresh.click()
    await page.getByText("Nothing has changed.").waitFor()
    await page.route("**/refresh", (route) =>
      route.fulfill({ json: { added: ["moor"], updated: ["sink", "report"], deleted: ["cast-off"] } }),
    )
    await refresh.click()
    await page.getByText("1 tool added, 2 changed, 1 removed").waitFor()
    expect(await page.getByText("Changed", { exact: true }).count()).toBe(3)
    await look("tools-refreshed")
  })

  test("have a form, in which what is wrong is told, and which goes to JSON and back", async () => {
    await using opened = await openServer()
    const { choose, look, page, result, run } = opened
    await choose("plan-voyage")
    await run.click()
    await page.getByText("A value is needed here.").first().waitFor()
    expect(await page.evaluate("document.activeElement.labels[0].innerText")).toContain("from")
    await look("tool-form-problems")
    await page.getByLabel("from").fill("Kiel")
    await page.getByRole("textbox", { name: "to" }).fill("Riga")
    await page.getByLabel("crew").fill("6")
    await page.getByLabel("overnight").check()
    await page.getByLabel("name").fill("Ahoy")
    await page.getByLabel("engine").selectOption("Diesel")
    await page.getByLabel("power").fill("90.5")
    const addCargo = page.getByRole("button", { name: "Add to cargo" })
    await addCargo.click()
    await addCargo.click()
    await page.getByLabel("what").first().fill("tea")
    await page.getByRole("button", { name: "Remove cargo 2" }).click()
    await page.getByRole("checkbox", { name: "Null for note" }).check()
    await page.getByRole("button", { name: "Add route" }).click()
    await page.getByLabel("port").fill("Visby")
    await page.getByRole("button", { name: "Add next" }).click()
    await page.getByLabel("port").nth(1).fill("Ventspils")
    await look("tool-form-filled")
    await page.getByRole("button", { name: "JSON" }).click()
    const args = {
      from: "Kiel",
      to: "Riga",
      crew: 6,
      weather: "fair",
      overnight: true,
      ship: { name: "Ahoy", engine: { kind: "diesel", power: 90.5 } },
      cargo: [{ what: "tea" }],
      note: null,
      route: { port: "Visby", next: { port: "Ventspils" } },
    }
    const json = page.getByLabel("Arguments as JSON")
    expect(JSON.parse(await json.inputValue())).toStrictEqual(args)
    await look("tool-json")
    await json.fill("[]")
    await run.click()
    await page.getByText("The arguments are an object").waitFor()
    await json.fill(JSON.stringify({ ...args, from: "Oslo" }))
    await page.getByRole("button", { name: "Form" }).click()
    expect(await page.getByLabel("from").inputValue()).toBe("Oslo")
    expect(await page.getByLabel("port").nth(1).inputValue()).toBe("Ventspils")
    await page.keyboard.press("Control+Enter")
    await result.waitFor()
    const answered: unknown = JSON.parse(await result.locator(".result-text").innerText())
    expect(answered).toStrictEqual({ ...args, from: "Oslo" })
    expect(opened.visitor.complaints).toStrictEqual([])
  })

  test("keep what is filled in while the server is connected to", async () => {
    await using opened = await openServer()
    const { choose, id, page, result, run } = opened
    await page.getByText("plan-voyage").waitFor()
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>()
    await page.route("**/refresh", async (route) => {
      await mayAnswer
      await route.continue()
    })
    await page.reload()
    await choose("sink")
    await page.getByLabel("ship").fill("Ahoy")
    const listing = page.waitForResponse((response) => response.url().endsWith(`/${id}/tools`))
    answer()
    await page.getByText("Connected", { exact: true }).waitFor()
    await listing
    expect(await page.getByLabel("ship").inputValue()).toBe("Ahoy")
    await run.click()
    await page.getByRole("dialog").getByRole("button", { name: "Run it" }).click()
    await result.getByText("Ahoy is gone").waitFor()
  })

  test.each([
    {
      of: "text, images and sounds",
      results: [
        ["show-text", "The harbour is calm."],
        ["show-image", "image/bmp"],
        ["show-audio", "audio/wav"],
        ["show-much", "The result was longer than this host passes on"],
      ],
    },
    {
      of: "resources, links, structures and errors",
      results: [
        ["show-resource", "4 bytes that are not shown here."],
        ["show-link", "The approach from the west"],
        ["show-structured", '"knots": 12'],
        ["show-error", "The tool answered with an error"],
      ],
    },
  ] as const)("bring results of $of, shown and raw", async ({ results }) => {
    await using opened = await openServer()
    const { choose, look, page, result, run } = opened
    for (const [name, seen] of results) {
      await choose(name)
      await run.click()
      await result.getByText(seen).first().waitFor()
      await look(`result-${name.slice("show-".length)}`)
      if (name === "show-image") {
        expect(await page.evaluate("document.querySelector('.result img').naturalWidth")).toBe(96)
      }
      if (name === "show-link") {
        const link = result.getByRole("link", { name: "Chart 7" })
        expect(await link.getAttribute("rel")).toBe("noreferrer noopener")
      }
      await result.getByRole("button", { name: "Raw" }).click()
      await page.getByRole("region", { name: "Raw result" }).getByText('"func_return"').waitFor()
      if (name === "show-text") await look("result-raw")
    }
    expect(opened.visitor.complaints).toStrictEqual([])
  })

  test("that destroy are run after a question; those with an invalid schema take JSON", async () => {
    await using opened = await openServer()
    const { choose, look, page, result, run } = opened
    await choose("sink")
    await page.getByLabel("ship").fill("Ahoy")
    const before = server.calls.length
    await run.click()
    const dialog = page.getByRole("dialog", { name: "Run a destructive tool?" })
    await dialog.waitFor()
    await look("tool-destructive")
    await dialog.getByRole("button", { name: "Cancel" }).click()
    expect(server.calls).toHaveLength(before)
    await run.click()
    await dialog.getByRole("button", { name: "Run it" }).click()
    await result.getByText("Ahoy is gone").waitFor()
    await choose("lost")
    await page.getByText("Its schema is not valid").waitFor()
    await look("tool-invalid-schema")
    expect(await page.getByRole("button", { name: "Form" }).count()).toBe(0)
    await run.click()
    await result.getByText("Found").waitFor()
  })

  test("tell how far they are, and are cancelled at the server", async () => {
    await using opened = await openServer()
    const { choose, look, page, run } = opened
    await choose("report")
    await page.getByRole("button", { name: "JSON" }).click()
    await page.getByLabel("Arguments as JSON").fill(
      JSON.stringify({
        waits: true,
        notices: [
          { level: "info", data: "Casting off" },
          { progress: 3, total: 8, message: "Past the lighthouse" },
        ],
      }),
    )
    await run.click()
    await page.getByText("Running: 3 of 8").waitFor()
    await page.getByText("Past the lighthouse").waitFor()
    await page.getByText("Casting off").waitFor()
    await look("tool-running")
    await page.getByRole("button", { name: "Cancel" }).click()
    await page.getByText("Cancelled.").waitFor()
    await expect.poll(() => server.cancellations.length).toBe(1)
    await page.getByText("Log of the run (1)").click()
    await look("tool-cancelled")
  })

  test("that have changed are approved before they are run, where the host wants that, which is recorded", async () => {
    await using changing = await legacyServer({ tools: showTools })
    await using opened = await openServer({ approveChangedTools: true, url: changing.url })
    const { choose, goTo, id, letta, look, page, result, run } = opened
    await choose("show-text")
    await run.click()
    await result.getByText("The harbour is calm.").waitFor()

    await changing.setTools(showTools.map((tool) => ({ ...tool, description: "Says another thing." })))
    await page.getByRole("button", { name: "Refresh" }).click()
    await page.getByText("Says another thing.").first().waitFor()
    await choose("show-text")
    await run.click()
    await page.getByText("It has to be approved first").waitFor()
    await look("tool-needs-approval")
    const shown = (await letta.mcpServers.tools.list(id)).find(({ name }) => name === "show-text")
    const approving = page.waitForRequest("**/approve")
    await page.getByRole("button", { name: "Approve it as it is now" }).click()
    const approval = (await approving).postDataJSON()
    expect(approval).toStrictEqual({ fingerprint: expect.any(String) })
    expect(shown).toMatchObject({ metadata_: { mcp: { ...approval, needs_approval: true } } })
    await page.getByText("It has changed since it was approved").waitFor({ state: "detached" })
    await run.click()
    await result.getByText("The harbour is calm.").waitFor()

    await goTo(`#/servers/${id}/activity`)
    await page.getByText("approved show-text").waitFor()
    await page.getByText("registered it as Harbour").waitFor()
    expect(opened.visitor.complaints).toStrictEqual([])
  })

  test("have a server that tells how it is, and what was done with it", async () => {
    await using opened = await openServer()
    const { goTo, id, look, page } = opened
    await goTo(`#/servers/${id}/health`)
    await page.getByText("Healthy").waitFor()
    await look("server-health")
    await page.route("**/audit?*", (route) => route.fulfill({ status: 404, json: {} }))
    await goTo(`#/servers/${id}/activity`)
    await page.getByText("This host keeps no record").waitFor()
    await page.unroute("**/audit?*")
    await page.route("**/audit?*", (route) =>
      route.fulfill({
        json: [
          {
            id: "2",
            at: "2026-11-29T12:05:00.000Z",
            user_id: "bob",
            action: "ran",
            tool: "sink",
            outcome: "success",
            runs: 3,
          },
          {
            id: "1",
            at: "2026-11-29T12:00:00.000Z",
            user_id: "alice",
            action: "registered",
            name: "Harbour",
          },
        ],
      }),
    )
    await goTo(`#/servers/${id}/health`)
    await goTo(`#/servers/${id}/activity`)
    await page.getByText("registered it as Harbour").waitFor()
    expect(await page.locator(".record strong").allInnerTexts()).toStrictEqual(["bob", "alice"])
    await look("server-activity")
  })
})

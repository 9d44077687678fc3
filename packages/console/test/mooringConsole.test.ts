import { expressConsole, koaConsole, mooringConsole } from "@mooring/console"
import express from "express"
import Koa from "koa"
import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"

const console = mooringConsole({ api: '/mcp"&<x' })
const get = (path: string, init?: RequestInit) => console.fetch(new Request(`http://host${path}`, init))

test("the page names the API, and refers to its own files alone, by relative paths", async () => {
  const response = await get("/")
  expect(response.status).toBe(200)
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8")
  const html = await response.text()
  expect(html).toContain('<meta name="mooring-api" content="/mcp&quot;&amp;&lt;x" />')
  const references = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path)
  expect(references.length).toBeGreaterThanOrEqual(3)
  for (const path of references) {
    expect(path).toMatch(/^\.\/assets\/[\w-]+\.\w+$/)
    const file = await get(path.slice(1))
    expect(file.status).toBe(200)
    expect(file.headers.get("cache-control")).toContain("immutable")
  }
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/)
})

test("every answer has the policy, and the page may be kept by nobody unasked", async () => {
  for (const path of ["/", "/waiting.html", "/nowhere"]) {
    const { headers } = await get(path)
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; /,
    )
    expect(headers.get("content-security-policy")).not.toContain("unsafe")
    expect(headers.get("x-content-type-options")).toBe("nosniff")
  }
  expect((await get("/")).headers.get("cache-control")).toBe("no-cache")
})

test.each(["/../package.json", "/assets/..%2Findex.html", "/assets/", "/constructor", "/main.tsx"])(
  "%s is no file of it",
  async (path) => {
    expect((await get(path)).status).toBe(404)
  },
)

test("it is only read", async () => {
  const response = await get("/", { method: "POST" })
  expect([response.status, response.headers.get("allow")]).toStrictEqual([405, "GET, HEAD"])
})

test("it handles its own paths and no other", () => {
  for (const path of ["/", "/index.html", "/waiting.html", "/assets/index-a1.js"]) {
    expect(console.handles(path), path).toBe(true)
  }
  for (const path of ["/v1/mcp-servers/", "/assets/a/b", "/assets", "//", "/index.htm"]) {
    expect(console.handles(path), path).toBe(false)
  }
})

test.each([
  "mcp",
  "",
  "https://example.com/mcp",
  "//example.com/mcp",
  "javascript:alert(1)",
  "/\\example.com",
])("an api of %j is refused", (api) => {
  expect(() => mooringConsole({ api })).toThrow(TypeError)
})

test.each(["/", "/mcp", "/deep/mcp/", "../mcp", "./mcp"])("an api of %j is taken", (api) => {
  expect(() => mooringConsole({ api })).not.toThrow()
})

describe.each<[string, () => RequestListener]>([
  ["express", () => express().use("/deep/console", expressConsole({ api: "/mcp" }))],
  ["koa", () => new Koa().use(koaConsole({ path: "/deep/console", api: "/mcp" })).callback()],
])("on %s", (_framework, app) => {
  test("its address gets its slash, by a relative step, and the rest is the host's", async () => {
    const server = createServer(app()).listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
    try {
      const bare = await fetch(`${origin}/deep/console?a=b`, { redirect: "manual" })
      expect([bare.status, bare.headers.get("location")]).toStrictEqual([308, "./console/?a=b"])
      const page = await fetch(`${origin}/deep/console`)
      expect([page.status, page.url]).toStrictEqual([200, `${origin}/deep/console/`])
      expect(await page.text()).toContain('content="/mcp"')
      expect((await fetch(`${origin}/deep/console/other`)).status).toBe(404)
      const head = await fetch(`${origin}/deep/console/`, { method: "HEAD" })
      expect([head.status, await head.text()]).toStrictEqual([200, ""])
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})

test("no text becomes HTML anywhere in its sources, and nothing is stored or evaluated", () => {
  const web = new URL("../web/", import.meta.url)
  const files = readdirSync(web, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name))
  expect(files.length).toBeGreaterThan(40)
  for (const name of files) {
    const text = readFileSync(new URL(name, web), "utf8")
    expect(text, name).not.toMatch(
      /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|document\.cookie|\sstyle=/,
    )
  }
})

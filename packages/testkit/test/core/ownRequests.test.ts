import { createMooring, Transports } from "@mooring/core"
import { expect, test } from "vitest"
import { inProcessServer } from "../../src/index.ts"
import { sessionHost, userOf } from "./sessionHost.ts"

// Requests that a foreign page has a browser send with its user's cookies, and those addressed to another name.

const url = "https://server.test/mcp"

test("a page of another origin runs no tool and connects nothing, though browsers send such requests unasked", async () => {
  await using upstream = inProcessServer()
  await using host = sessionHost({ transports: Transports.layerMemory({ [url]: upstream.connect }) })
  const server = await host.register("alice", url)
  const [tool] = await host.mooring.tools.list(userOf("alice"), server.id)
  const run = `/v1/mcp-servers/${server.id}/tools/${tool?.id}/run`
  const send = async (method: string, path: string, headers: Readonly<Record<string, string>>) => {
    const answer = await host.mooring.fetch(
      new Request(`http://app.example${path}`, {
        method,
        headers: { authorization: "Bearer alice", ...headers },
      }),
    )
    return { status: answer.status, text: await answer.text() }
  }
  const refused = { status: 403, text: expect.stringContaining('"origin_forbidden"') }
  // The type of a form, or none at all: no preflight asks before it.
  for (const headers of [
    { origin: "http://evil.example" },
    { origin: "http://evil.example", "content-type": "text/plain" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
  ]) {
    expect(await send("POST", run, headers)).toMatchObject(refused)
    expect(await send("GET", `/v1/mcp-servers/connect/${server.id}`, headers)).toMatchObject(refused)
    expect(await send("DELETE", `/v1/mcp-servers/${server.id}`, headers)).toMatchObject(refused)
  }
  expect(upstream.calls).toHaveLength(0)
  expect(await send("POST", run, { origin: "http://app.example" })).toMatchObject({ status: 200 })
  expect(await send("POST", run, {})).toMatchObject({ status: 200 })
  // A sign-in comes back from another origin.
  const callback = "/v1/tools/mcp/oauth/callback?state=x"
  expect(await send("GET", callback, { "sec-fetch-site": "cross-site" })).toMatchObject({ status: 410 })
})

test("by a name that is not the host's there is nothing but its health", async () => {
  const mooring = createMooring({ actor: "single-user", allowedHosts: ["app.example"] })
  const status = async (path: string) => (await mooring.fetch(new Request(path))).status
  for (const path of ["/v1/mcp-servers/", "/openapi.json", "/v1/tools/mcp/oauth/callback?state=x"]) {
    expect(await status(`http://rebound.example${path}`)).toBe(403)
    expect(await status(`http://app.example:8080${path}`)).not.toBe(403)
  }
  expect(await status("http://10.0.0.7/v1/health/")).toBe(200)
  await mooring.close()
})

test("names and origins that could never match are refused at the start", () => {
  for (const wrong of [
    { allowedHosts: ["app.example:3000"] },
    { allowedHosts: ["App.example"] },
    { allowedHosts: ["https://app.example"] },
    { allowedHosts: ["*.example"] },
    { allowedHosts: [""] },
    { allowedOrigins: ["https://app.example/"] },
    { allowedOrigins: ["app.example"] },
    { allowedOrigins: ["null"] },
    { allowedOrigins: ["*"] },
  ]) {
    expect(() => createMooring({ actor: "single-user", ...wrong })).toThrow(/allowed(Hosts|Origins)/)
  }
})

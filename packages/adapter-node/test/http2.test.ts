import { type ClientHttp2Session, connect, createServer } from "node:http2"
import { createMooring } from "@mooring/core"
import { legacyServer } from "@mooring/testkit"
import { afterAll, beforeAll, expect, test } from "vitest"
import { toNodeHandler } from "../src/index.ts"
import { listen } from "./listen.ts"

// The whole of Mooring over HTTP/2, where requests are streams and a caller leaves by resetting one.

const mooring = createMooring({ actor: "single-user", egress: { allowRanges: ["127.0.0.0/8"] } })
let host: Awaited<ReturnType<typeof listen>>
let client: ClientHttp2Session
beforeAll(async () => {
  host = await listen(createServer(toNodeHandler(mooring)))
  client = connect(host.origin)
})
afterAll(async () => {
  client.destroy()
  await mooring.close()
  await host[Symbol.asyncDispose]()
})

const open = (method: string, path: string, body?: unknown) => {
  const stream = client.request({
    ":method": method,
    ":path": path,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  })
  stream.end(body === undefined ? undefined : JSON.stringify(body))
  return stream
}

const request = async (method: string, path: string, body?: unknown) => {
  const stream = open(method, path, body)
  const status = new Promise<number | undefined>((resolve) => {
    stream.once("response", (headers) => resolve(headers[":status"]))
  })
  const chunks: Array<Buffer> = await stream.toArray()
  const text = Buffer.concat(chunks).toString()
  return { status: await status, body: text === "" ? undefined : JSON.parse(text) }
}

test("registers a server, lists its tools, runs one, and cancels a run whose stream is reset within 100 ms", async () => {
  await using upstream = await legacyServer()
  const created = await request("POST", "/v1/mcp-servers/", {
    server_name: "over-http2",
    config: { server_url: upstream.url },
  })
  expect(created).toMatchObject({ status: 200, body: { server_name: "over-http2" } })
  const server = `/v1/mcp-servers/${created.body.id}`
  const tools: ReadonlyArray<{ id: string; name: string }> = (await request("GET", `${server}/tools`)).body
  const run = (name: string) => `${server}/tools/${tools.find((tool) => tool.name === name)?.id}/run`
  expect(await request("POST", run("echo"), { args: { text: "ahoy" } })).toMatchObject({
    status: 200,
    body: { func_return: "ahoy" },
  })

  const slow = open("POST", run("slow"), { args: { ms: 60_000 } })
  slow.on("error", () => {})
  await upstream.called("slow")
  const left = performance.now()
  slow.close(8)
  expect(await upstream.cancelled).toMatchObject({ name: "slow" })
  expect(performance.now() - left).toBeLessThan(100)

  expect(await request("DELETE", server)).toStrictEqual({ status: 204, body: undefined })
  expect(await request("GET", server)).toMatchObject({
    status: 404,
    body: { error: { type: "mcp_server_not_found" } },
  })
})

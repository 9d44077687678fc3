import { Transports } from "@mooring/core"
import { afterEach, expect, test } from "vitest"
import { inProcessServer, textResult } from "../../src/index.ts"
import { rawServer, textOf } from "./rawServer.ts"
import { sessionHost, userOf } from "./sessionHost.ts"

// What users and servers may make large or long, and names that mean something to JavaScript.

const url = "https://server.test/mcp"

const tool = (name: string) => ({
  name,
  inputSchema: { type: "object", properties: {} },
  handle: () => textResult("done"),
})
const tools = Array.from({ length: 20 }, (_, index) => tool(`tool${index}`))

test.each([
  [{ maxTools: 5 }, undefined, 5],
  [{ maxTools: 5 }, 2, 5],
  [{ maxToolPages: 3 }, 2, 6],
  [{}, 3, 20],
])("of a server's tools with %j, in pages of %s, %i are kept", async (limits, pageSize, kept) => {
  await using upstream = inProcessServer({ tools, ...(pageSize === undefined ? {} : { pageSize }) })
  await using host = sessionHost({ transports: Transports.layerMemory({ [url]: upstream.connect }), limits })
  const { id } = await host.register("alice", url)
  expect(await host.mooring.tools.list(userOf("alice"), id)).toHaveLength(kept)
  const events = []
  for await (const event of host.mooring.connect(userOf("alice"), id)) events.push(event)
  const last = events.at(-1)
  expect(last?.event === "success" && last.tools.length).toBe(kept)
})

test.each(["whole", "in chunks"])(
  "a body of as many bytes as allowed is read, one more is 413, %s",
  async (how) => {
    await using host = sessionHost({ limits: { requestBodyBytes: 1_000 } })
    const send = async (length: number) => {
      const text = JSON.stringify({ server_name: "x", config: { command: "true" } }).padEnd(length)
      const answer = await host.mooring.fetch(
        new Request("http://host.example/v1/mcp-servers/", {
          method: "POST",
          headers: { authorization: "Bearer alice", "content-type": "application/json" },
          body: how === "whole" ? text : new Blob([text]).stream(),
          duplex: "half",
        }),
      )
      return { status: answer.status, text: await answer.text() }
    }
    const refused = { status: 413, text: expect.stringMatching(/"body_too_large".*/) }
    expect(await send(1_001)).toMatchObject(refused)
    expect(await send(1_000)).not.toMatchObject({ status: 413 })
  },
)

afterEach(() => {
  // What has polluted a prototype shows on every object.
  expect(Object.keys(Object.getPrototypeOf({}))).toStrictEqual([])
  expect("polluted" in {}).toBe(false)
})

const hostile = '{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } }'

test("names of prototypes in arguments and results pollute nothing", async () => {
  const seen: Array<unknown> = []
  const upstream = rawServer("legacy", ({ params, reply }) => {
    seen.push(params["arguments"])
    reply({ ...textOf("done"), structuredContent: JSON.parse(hostile), _meta: JSON.parse(hostile) })
  })
  await using host = sessionHost({ transports: Transports.layerMemory({ [url]: upstream.connect }) })
  const { id } = await host.register("alice", url)
  const [ask] = await host.mooring.tools.list(userOf("alice"), id)
  const answer = await host.mooring.fetch(
    new Request(`http://host.example/v1/mcp-servers/${id}/tools/${ask?.id}/run`, {
      method: "POST",
      headers: { authorization: "Bearer alice", "content-type": "application/json" },
      body: `{ "args": ${hostile}, "__proto__": { "polluted": 1 } }`,
    }),
  )
  expect(answer.status).toBe(200)
  const text = await answer.text()
  expect(text).toContain('"constructor":{"prototype":{"polluted":1}}')
  expect(JSON.stringify(seen)).toBe(JSON.stringify([JSON.parse(hostile)]))
})

test("names of prototypes in configs are refused, or are names like others", async () => {
  await using host = sessionHost({})
  for (const config of [
    `{ "server_url": "https://10.0.0.1/", "custom_headers": ${hostile} }`,
    `{ "server_url": "https://10.0.0.1/", "custom_headers": { "__proto__": "x" } }`,
    `{ "command": "true", "env": { "__proto__": "x" } }`,
    `{ "server_url": "https://10.0.0.1/", "__proto__": { "auth_token": "x" } }`,
    `{ "__proto__": { "server_url": "https://10.0.0.1/" } }`,
  ]) {
    const answer = await host.mooring.fetch(
      new Request("http://host.example/v1/tools/mcp/servers/test", {
        method: "POST",
        headers: { authorization: "Bearer alice", "content-type": "application/json" },
        body: `{ "server_name": "x", ${config.slice(1)}`,
      }),
    )
    expect([403, 422, 502, 504], config).toContain(answer.status)
    expect(await answer.text()).not.toContain("internal_error")
  }
})

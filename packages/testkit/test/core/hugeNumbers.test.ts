import { Transports } from "@mooring/core"
import { expect, test } from "vitest"
import { memoryUrl } from "./askingHost.ts"
import { hugeNumber, rawServer } from "./rawServer.ts"
import { sessionHost } from "./sessionHost.ts"

test("a number too large for JSON is null in results and schemas, and hides neither", async () => {
  const server = rawServer(
    "modern",
    ({ reply }) =>
      reply({
        content: [{ type: "text", text: "done", _meta: { count: hugeNumber } }],
        structuredContent: { sum: hugeNumber },
      }),
    undefined,
    { type: "object", properties: { count: { type: "number", default: hugeNumber } } },
  )
  await using host = sessionHost({ transports: Transports.layerMemory({ [memoryUrl]: server.connect }) })
  const registered = await host.register("alice", memoryUrl)
  expect(await host.request("alice", "GET", `/v1/mcp-servers/${registered.id}/tools`)).toMatchObject({
    status: 200,
    body: [{ args_json_schema: { properties: { count: { default: null } } } }],
  })
  expect(await registered.runByRest("ask")).toMatchObject({
    status: 200,
    body: { status: "success", func_return: "done", structured_content: { sum: null } },
  })
})

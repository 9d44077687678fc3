import { createMooring, Transports } from "@mooring/core"
import { expect, test, vi } from "vitest"
import { inProcessServer, textResult } from "../../src/index.ts"
import { remote } from "./askingHost.ts"
import { alice } from "./hostWithServer.ts"

// A server that changes its tools by itself, on a host that wants changed tools to be approved.

const url = "https://changing.test/mcp"
const tool = (name: string, description: string) => ({
  name,
  description,
  inputSchema: { type: "object" },
  handle: () => textResult("done"),
})

const hostWith = async (server: ReturnType<typeof inProcessServer>) => {
  const mooring = createMooring({
    actor: "single-user",
    approveChangedTools: true,
    transports: Transports.layerMemory({ [url]: server.connect }),
    logLevel: "None",
  })
  const { id } = await mooring.servers.create(alice, { name: "changing", config: remote(url) })
  const runs = async (toolId: string) =>
    mooring.tools.run(alice, id, toolId).then(
      ({ status }) => status,
      (error: { readonly _tag: string }) => error._tag,
    )
  return { mooring, id, runs, [Symbol.asyncDispose]: () => mooring.close() }
}

test("a change that the server tells of by itself needs approval without a refresh", async () => {
  await using server = inProcessServer({ era: "legacy", tools: [tool("add", "first")] })
  await using host = await hostWith(server)
  const { id, mooring, runs } = host
  const [add] = await mooring.tools.list(alice, id)
  expect(await runs(add?.id ?? "")).toBe("success")
  await server.setTools([tool("add", "second")])
  await vi.waitFor(async () => expect(await runs(add?.id ?? "")).toBe("McpToolNeedsApproval"), {
    timeout: 10_000,
  })
  const [changed] = await mooring.tools.list(alice, id)
  expect(changed).toMatchObject({ id: add?.id, definition: { description: "second" }, needsApproval: true })
  await mooring.tools.approve(alice, id, add?.id ?? "", { fingerprint: changed?.fingerprint })
  expect(await runs(add?.id ?? "")).toBe("success")
})

test("ten thousand tools that change again and again wait, each for itself, and keep nobody waiting", async () => {
  const many = (description: string) =>
    Array.from({ length: 10_000 }, (_, index) => tool(`tool ${index}`, description))
  await using server = inProcessServer({ tools: many("first") })
  await using host = await hostWith(server)
  const { id, mooring, runs } = host
  for (const description of ["second", "third"]) {
    await server.setTools(many(description))
    expect((await mooring.tools.refresh(alice, id)).updated).toHaveLength(10_000)
  }
  const tools = await mooring.tools.list(alice, id)
  expect(tools.every(({ needsApproval }) => needsApproval)).toBe(true)
  const [one, other] = tools
  await mooring.tools.approve(alice, id, one?.id ?? "")
  expect(await runs(one?.id ?? "")).toBe("success")
  expect(await runs(other?.id ?? "")).toBe("McpToolNeedsApproval")
  await server.setTools(many("first"))
  await mooring.tools.refresh(alice, id)
  expect((await mooring.tools.list(alice, id)).some(({ needsApproval }) => needsApproval)).toBe(false)
})

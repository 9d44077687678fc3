import { createMooring, McpServerNotFound, Transports } from "@mooring/core"
import { expect, test } from "vitest"
import { inProcessServer } from "../../src/index.ts"

const alice = { organizationId: "acme", userId: "alice" }

test("the promises do what the services do, and reject with their errors", async () => {
  await using calculator = inProcessServer()
  const url = "https://calculator.test/mcp"
  const mooring = createMooring({
    actor: "single-user",
    transports: Transports.layerMemory({ [url]: calculator.connect }),
  })
  try {
    const { id } = await mooring.servers.create(alice, {
      name: "calculator",
      config: {
        type: "streamable_http",
        serverUrl: url,
        authHeader: null,
        authToken: "secret",
        customHeaders: null,
      },
    })
    const tools = await mooring.tools.list(alice, id)
    const add = tools.find((tool) => tool.definition.name === "add")
    expect(await mooring.tools.get(alice, id, add?.id ?? "")).toStrictEqual(add)
    expect(await mooring.tools.run(alice, id, add?.id ?? "", { a: 1, b: 2 })).toMatchObject({
      status: "success",
      structuredContent: { sum: 3 },
    })
    expect(await mooring.servers.update(alice, id, { name: "renamed" })).toMatchObject({
      name: "renamed",
      revision: 1,
    })
    expect(await mooring.servers.list(alice)).toMatchObject([{ id, name: "renamed" }])
    expect(await mooring.tools.refresh(alice, id)).toStrictEqual({ added: [], updated: [], deleted: [] })
    expect(JSON.stringify(await mooring.servers.get(alice, id))).not.toContain("secret")

    const bob = { organizationId: "other", userId: "bob" }
    const foreign = await mooring.servers.get(bob, id).catch((error: unknown) => error)
    expect(foreign).toBeInstanceOf(McpServerNotFound)
    expect(String(foreign)).toContain("There is no MCP server")

    await mooring.servers.remove(alice, id)
    await expect(mooring.servers.get(alice, id)).rejects.toThrow(McpServerNotFound)
  } finally {
    await mooring.close()
  }
  expect(calculator.connectionCount).toBe(0)
})

test("a run is cancelled by its signal", async () => {
  await using server = inProcessServer()
  const url = "https://slow.test/mcp"
  const mooring = createMooring({
    actor: "single-user",
    transports: Transports.layerMemory({ [url]: server.connect }),
  })
  try {
    const { id } = await mooring.servers.create(alice, {
      name: "slow",
      config: {
        type: "streamable_http",
        serverUrl: url,
        authHeader: null,
        authToken: null,
        customHeaders: null,
      },
    })
    const tools = await mooring.tools.list(alice, id)
    const slow = tools.find((tool) => tool.definition.name === "slow")
    const caller = new AbortController()
    const run = mooring.tools.run(alice, id, slow?.id ?? "", { ms: 60_000 }, { signal: caller.signal })
    await server.called("slow")
    caller.abort()
    await expect(run).rejects.toThrow()
    expect(await server.cancelled).toMatchObject({ name: "slow" })
  } finally {
    await mooring.close()
  }
})

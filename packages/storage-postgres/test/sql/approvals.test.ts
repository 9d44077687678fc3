import { createMooring, Transports } from "@mooring/core"
import { inProcessServer, textResult } from "@mooring/testkit"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { randomBytes } from "node:crypto"
import { describe, expect, test, vi } from "vitest"
import { databases } from "./databases.ts"

// A tool that its server changes is refused on every node and after a restart, until it is approved on one of them.

const alice = { organizationId: "acme", userId: "alice" }
const url = "https://changing.test/mcp"
const keys = randomBytes(32).toString("hex")
const add = (description: string) => ({
  name: "add",
  description,
  inputSchema: { type: "object" },
  handle: () => textResult("done"),
})

describe.each(databases)("approval of changed tools over nodes of one %s", (_, open) => {
  test("holds on each, and what is approved on one is run on the other", async () => {
    await using database = await open()
    await using upstream = inProcessServer({ tools: [add("first")] })
    const openNode = async () => {
      const mooring = createMooring({
        actor: "single-user",
        approveChangedTools: true,
        stores: database.stores(keys),
        transports: Transports.layerMemory({ [url]: upstream.connect }),
        logLevel: "None",
      })
      await mooring.ready
      return mooring
    }
    const [one, two] = [await openNode(), await openNode()]
    const { id } = await one.servers.create(alice, {
      name: "changing",
      config: {
        type: "streamable_http",
        serverUrl: url,
        authHeader: null,
        authToken: null,
        customHeaders: null,
      },
    })
    const [tool] = await one.tools.list(alice, id)
    const toolId = tool?.id ?? ""
    const runOn = (node: typeof one) =>
      node.tools.run(alice, id, toolId).then(
        ({ status }) => status,
        (error: { readonly _tag: string }) => error._tag,
      )
    const soon = (node: typeof one, outcome: string) =>
      vi.waitFor(async () => expect(await runOn(node)).toBe(outcome), { timeout: 10_000, interval: 5 })
    // Both have it at hand from here on.
    for (const node of [one, two]) await soon(node, "success")

    await upstream.setTools([add("second")])
    await one.tools.refresh(alice, id)
    expect(await runOn(one)).toBe("McpToolNeedsApproval")
    await soon(two, "McpToolNeedsApproval")
    const calls = upstream.calls.length
    await two.tools.approve(alice, id, toolId)
    expect(await runOn(two)).toBe("success")
    await soon(one, "success")
    expect(upstream.calls.length).toBe(calls + 2)

    await upstream.setTools([])
    await two.tools.refresh(alice, id)
    await upstream.setTools([add("third"), { ...add(""), name: "new" }])
    await two.tools.refresh(alice, id)
    await Promise.all([one.close(), two.close()])
    const later = await openNode()
    expect((await later.tools.list(alice, id)).map(({ needsApproval }) => needsApproval)).toStrictEqual([
      true,
      true,
    ])
    await upstream.setTools([add("second")])
    expect(await later.tools.refresh(alice, id)).toMatchObject({ updated: ["add"], deleted: ["new"] })
    expect(await later.tools.list(alice, id)).toMatchObject([{ needsApproval: false }])
    await later.close()
  })

  test("a tool that an earlier release has stored has the fingerprint of its definition", async () => {
    await using database = await open()
    await using upstream = inProcessServer({ tools: [add("first")] })
    const mooring = createMooring({
      actor: "single-user",
      approveChangedTools: true,
      stores: database.stores(keys),
      transports: Transports.layerMemory({ [url]: upstream.connect }),
      logLevel: "None",
    })
    const { id } = await mooring.servers.create(alice, {
      name: "old",
      config: {
        type: "streamable_http",
        serverUrl: url,
        authHeader: null,
        authToken: null,
        customHeaders: null,
      },
    })
    const before = await mooring.tools.list(alice, id)
    await Effect.runPromise(
      SqlClient.use((sql) =>
        Effect.andThen(
          sql`update mooring_tools set fingerprint = null`,
          sql`update mooring_servers set approved_tools = null`,
        ),
      ).pipe(Effect.provide(database.client)),
    )
    expect(await mooring.tools.list(alice, id)).toStrictEqual(before)
    // What was there before anybody kept count is trusted, what comes after it is not.
    await upstream.setTools([add("first"), { ...add(""), name: "new" }])
    expect(await mooring.tools.refresh(alice, id)).toMatchObject({ added: ["new"], updated: [] })
    expect((await mooring.tools.list(alice, id)).map(({ needsApproval }) => needsApproval)).toStrictEqual([
      false,
      true,
    ])
    await mooring.close()
  })
})

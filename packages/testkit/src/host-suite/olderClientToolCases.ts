import type { OptionsInput } from "@mooring/core"
import type { Letta } from "letta-client-0"
import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { legacySseServer } from "../mcp-servers/legacySseServer.ts"
import { misbehavingServer } from "../mcp-servers/misbehavingServer.ts"
import { modernServer } from "../mcp-servers/modernServer.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { failure, namedTool, newOrganization } from "./olderClient.ts"
import type { SuiteHost } from "./SuiteHost.ts"

/** The client before 1.0 and the tools of servers: those that are stored, and those that a test of a server finds. */
export const olderClientToolCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  test("lists a server's tools as MCP defines them, every page, with the health of their schemas", async () => {
    const { tools } = newOrganization(host())
    await using upstream = await legacyServer({ pageSize: 2 })
    await tools.addMcpServer({ serverName: "server", serverUrl: upstream.url })
    const listed = await tools.listMcpToolsByServer("server")
    expect(listed.map(({ name }) => name)).toStrictEqual([
      "echo",
      "add",
      "image",
      "fail",
      "throws",
      "slow",
      "count",
      "nested",
      "refs",
    ])
    expect(listed.slice(0, 2)).toStrictEqual([
      {
        name: "echo",
        description: expect.any(String),
        inputSchema: expect.objectContaining({ type: "object", required: ["text"] }),
        annotations: { readOnlyHint: true, idempotentHint: true },
        health: { status: "NON_STRICT_ONLY", reasons: [expect.any(String)] },
      },
      {
        name: "add",
        title: "Addition",
        description: expect.any(String),
        inputSchema: expect.objectContaining({ type: "object" }),
        outputSchema: expect.objectContaining({ type: "object" }),
        health: expect.any(Object),
      },
    ])
    // They are stored: the server is not asked again.
    await upstream.close()
    expect(await tools.listMcpToolsByServer("server")).toStrictEqual(listed)
  })

  test("tools with odd schemas are listed in a form that the client takes", async () => {
    const { tools } = newOrganization(host())
    await using upstream = await misbehavingServer("malformed_schema")
    await using nulls = await misbehavingServer("null_fields")
    await tools.addMcpServer({ serverName: "malformed", serverUrl: upstream.url })
    expect(await tools.listMcpToolsByServer("malformed")).toContainEqual(
      expect.objectContaining({ name: "bad_type", health: expect.objectContaining({ status: "INVALID" }) }),
    )
    await tools.addMcpServer({ serverName: "nulls", serverUrl: nulls.url })
    expect(await tools.listMcpToolsByServer("nulls")).toHaveLength(2)
  })

  test("a server that could not be reached when it was added is asked when its tools are listed", async () => {
    const { tools } = newOrganization(host())
    let down = true
    await using upstream = await legacyServer({
      intercept: () => (down ? new Response(null, { status: 503 }) : undefined),
    })
    await tools.addMcpServer({ serverName: "late", type: "streamable_http", serverUrl: upstream.url })
    await expect(tools.listMcpToolsByServer("late", { maxRetries: 0 })).rejects.toStrictEqual(
      failure(502, "mcp_server_unreachable"),
    )
    down = false
    expect(await tools.listMcpToolsByServer("late")).toContainEqual(expect.objectContaining({ name: "echo" }))
  })

  test("adding a tool gives the tool that the newer client knows", async () => {
    const { mcpServers, tools } = newOrganization(host())
    await using upstream = await legacyServer()
    await tools.addMcpServer({ serverName: "server", serverUrl: upstream.url })
    const [server] = await mcpServers.list()
    const [echo] = await mcpServers.tools.list(server?.id ?? "")
    const added = await tools.addMcpTool("server", "echo")
    expect(added).toMatchObject({
      id: echo?.id,
      name: "echo",
      toolType: "external_mcp",
      tags: ["mcp:server"],
      jsonSchema: { name: "echo", parameters: echo?.args_json_schema },
      metadata: { mcp: { server_id: server?.id, server_name: "server" } },
    })
    expect(await tools.addMcpTool("server", "echo")).toStrictEqual(added)

    await upstream.setTools([namedTool("brand_new")])
    expect(await tools.addMcpTool("server", "brand_new")).toMatchObject({ name: "brand_new" })
    await expect(tools.addMcpTool("server", "no_such")).rejects.toStrictEqual(failure(404, "tool_not_found"))
  })

  test("tests servers of each kind: their tools are told, and nothing is stored", async () => {
    const { tools } = newOrganization(host())
    await using streamable = await legacyServer({ pageSize: 2 })
    await using modern = await modernServer({ pageSize: 2 })
    await using older = await legacySseServer({ pageSize: 2 })
    const { args, command } = stdioServer()
    const configs: ReadonlyArray<Letta.TestMcpServerRequest> = [
      { serverName: "x", type: "streamable_http", serverUrl: streamable.url },
      { serverName: "x", type: "streamable_http", serverUrl: modern.url },
      { serverName: "x", type: "sse", serverUrl: older.url },
      { serverName: "x", serverUrl: older.url },
      { serverName: "x", command, args: [...args] },
    ]
    for (const config of configs) {
      expect(await tools.testMcpServer(config)).toStrictEqual({
        status: "success",
        tools: expect.arrayContaining(
          ["echo", "refs"].map((name) =>
            expect.objectContaining({ name, inputSchema: expect.objectContaining({ type: "object" }) }),
          ),
        ),
      })
    }
    expect(await tools.listMcpServers()).toStrictEqual({})
    await expect.poll(() => [streamable.sessionCount, older.sessionCount]).toStrictEqual([0, 0])
  })

  test("a test that fails tells why", async () => {
    const gone = await legacyServer()
    await gone.close()
    await using locked = await misbehavingServer("status_401")
    await using silent = await misbehavingServer("never_answers")
    const impatient = await start({ stdio: "off", limits: { connectTimeoutMs: 500 } })
    try {
      const { tools } = newOrganization(impatient)
      const failures: ReadonlyArray<readonly [Letta.TestMcpServerRequest, status: number, type: string]> = [
        [{ serverName: "x", serverUrl: gone.url }, 502, "mcp_server_unreachable"],
        [{ serverName: "x", serverUrl: silent.url }, 504, "mcp_server_timeout"],
        [{ serverName: "x", serverUrl: locked.url }, 403, "authorization_required"],
        [{ serverName: "x", command: "x", args: [] }, 403, "stdio_disabled"],
      ]
      for (const [config, status, type] of failures) {
        // By itself it tries 5xx three times.
        const outcome = tools.testMcpServer(config, { maxRetries: 0 })
        await expect(outcome).rejects.toStrictEqual(failure(status, type))
      }
    } finally {
      await impatient.close()
    }
  })
}

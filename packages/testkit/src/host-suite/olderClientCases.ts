import type { OptionsInput } from "@mooring/core"
import { Letta, LettaError } from "letta-client-0"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { legacySseServer } from "../mcp-servers/legacySseServer.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { failure, namedTool, newOrganization, nowhere } from "./olderClient.ts"
import { olderClientToolCases } from "./olderClientToolCases.ts"
import { serversByNameCases } from "./serversByNameCases.ts"
import type { SuiteHost } from "./SuiteHost.ts"

/** The calls of Letta's client before 1.0, which knows servers by their names; connecting is in `connectCases`. */
export const olderClientCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  // The client warns of every answer that is not what its types say, and goes on.
  const warnings: Array<unknown> = []
  beforeEach(() => {
    vi.spyOn(console, "warn").mockImplementation((warning) => warnings.push(warning))
  })
  afterEach(() => {
    vi.restoreAllMocks()
    expect(warnings.splice(0)).toStrictEqual([])
  })

  test("adds servers of each kind, and answers with all of them as they were given", async () => {
    const { mcpServers, tools } = newOrganization(host())
    const { args, command } = stdioServer()
    const stdio: Letta.StdioServerConfig = {
      serverName: "stdio",
      type: "stdio",
      command,
      args: [...args],
      env: { KEY: "secret" },
    }
    const remote = {
      serverUrl: nowhere,
      authHeader: "X-Api-Key",
      authToken: "a token",
      customHeaders: { "X-Tenant": "one" },
    }
    const sse = { serverName: "sse", type: "sse", ...remote } as const
    const streamable = { serverName: "streamable", type: "streamable_http", ...remote } as const
    expect(await tools.addMcpServer(stdio)).toStrictEqual([stdio])
    expect(await tools.addMcpServer(sse)).toStrictEqual([stdio, sse])
    expect(await tools.addMcpServer(streamable)).toStrictEqual([stdio, sse, streamable])
    expect(await tools.listMcpServers()).toStrictEqual({ stdio, sse, streamable })
    expect(await mcpServers.list()).toMatchObject([
      { server_name: "stdio", mcp_server_type: "stdio", command, args, env: { KEY: "secret" } },
      { server_name: "sse", mcp_server_type: "sse", server_url: nowhere, auth_token: "a token" },
      { server_name: "streamable", mcp_server_type: "streamable_http", auth_header: "X-Api-Key" },
    ])
  })

  test("without a type it is the transport by which the server answers", async () => {
    const { tools } = newOrganization(host())
    await using streamable = await legacyServer()
    await using older = await legacySseServer()
    await tools.addMcpServer({ serverName: "streamable", serverUrl: streamable.url })
    await tools.addMcpServer({ serverName: "sse", serverUrl: older.url })
    await tools.addMcpServer({ serverName: "nowhere", serverUrl: nowhere })
    const { args, command } = stdioServer()
    await tools.addMcpServer({ serverName: "stdio", command, args: [...args] })
    expect(await tools.listMcpServers()).toMatchObject({
      streamable: { type: "streamable_http" },
      sse: { type: "sse" },
      nowhere: { type: "streamable_http" },
      stdio: { type: "stdio" },
    })
    for (const name of ["streamable", "sse", "stdio"]) {
      expect(await tools.listMcpToolsByServer(name)).toContainEqual(expect.objectContaining({ name: "echo" }))
    }
  })

  test("a name that is taken is refused, and nothing changes", async () => {
    const { tools } = newOrganization(host())
    const first = await tools.addMcpServer({ serverName: "taken", type: "sse", serverUrl: nowhere })
    const again = { serverName: "taken", command: "x", args: [] }
    await expect(tools.addMcpServer(again)).rejects.toStrictEqual(failure(409, "name_taken"))
    expect(await tools.listMcpServers()).toStrictEqual({ taken: first[0] })
    const other = newOrganization(host()).tools
    await expect(other.addMcpServer({ ...again, env: {} })).resolves.toHaveLength(1)
  })

  test("updates a stdio server: its config is replaced whole", async () => {
    const { mcpServers, tools } = newOrganization(host())
    const { args, command } = stdioServer()
    await tools.addMcpServer({ serverName: "stdio", command: "x", args: [], env: { OLD: "1" } })
    const stdioConfig = { serverName: "stdio", command, args: [...args, "more"] }
    expect(await tools.updateMcpServer("stdio", { stdioConfig })).toEqual({ ...stdioConfig, type: "stdio" })
    expect(await mcpServers.list()).toMatchObject([{ server_name: "stdio", command, env: null }])
    await expect
      .poll(() => tools.listMcpToolsByServer("stdio"))
      .toContainEqual(expect.objectContaining({ name: "argv" }))
  })

  test("an update that is empty changes nothing: the client makes one of every update of a URL", async () => {
    const { tools } = newOrganization(host())
    const [added] = await tools.addMcpServer({ serverName: "sse", type: "sse", serverUrl: nowhere })
    expect(await tools.updateMcpServer("sse", {})).toStrictEqual(added)
    expect(await tools.updateMcpServer("sse", { serverUrl: "https://mcp.invalid/lost" })).toStrictEqual(added)
  })

  test("a new name is taken over, and one that is taken deletes nothing", async () => {
    const { mcpServers, tools } = newOrganization(host())
    await tools.addMcpServer({ serverName: "one", command: "x", args: [] })
    await tools.addMcpServer({ serverName: "other", type: "sse", serverUrl: nowhere })
    const before = await mcpServers.list()
    const renameTo = (serverName: string) => ({ stdioConfig: { serverName, command: "y", args: [] } })
    await expect(tools.updateMcpServer("one", renameTo("other"))).rejects.toStrictEqual(
      failure(409, "name_taken"),
    )
    expect(await mcpServers.list()).toStrictEqual(before)

    expect(await tools.updateMcpServer("one", renameTo("two"))).toMatchObject({
      serverName: "two",
      command: "y",
    })
    expect(await mcpServers.list()).toMatchObject([
      { id: before[0]?.id, server_name: "two" },
      before[1] ?? {},
    ])
    await expect(tools.listMcpToolsByServer("one")).rejects.toStrictEqual(
      failure(404, "mcp_server_not_found"),
    )
  })

  test("deletes a server with its tools and sessions, and answers with those that are left", async () => {
    const { tools } = newOrganization(host())
    await using upstream = await legacyServer()
    await tools.addMcpServer({ serverName: "gone", serverUrl: upstream.url })
    const [, left] = await tools.addMcpServer({ serverName: "left", type: "sse", serverUrl: nowhere })
    expect(await tools.deleteMcpServer("gone")).toStrictEqual([left])
    await expect.poll(() => upstream.sessionCount).toBe(0)
    for (const call of [
      () => tools.deleteMcpServer("gone"),
      () => tools.listMcpToolsByServer("gone"),
      () => tools.addMcpTool("gone", "echo"),
      () => tools.updateMcpServer("gone", {}),
    ]) {
      await expect(call()).rejects.toStrictEqual(failure(404, "mcp_server_not_found"))
    }
    expect(await tools.deleteMcpServer("left")).toStrictEqual([])
    expect(await tools.listMcpServers()).toStrictEqual({})
  })

  test("a body that makes no sense is the client's own error, with every place", async () => {
    const { tools } = newOrganization(host())
    const error = await tools
      .addMcpServer({ serverName: " ", serverUrl: "nonsense" })
      .catch((error: unknown) => error)
    expect(error).toBeInstanceOf(Letta.UnprocessableEntityError)
    expect(error).toBeInstanceOf(LettaError)
    expect(error).toMatchObject({
      body: { detail: [{ loc: ["body", "server_name"] }, { loc: ["body", "server_url"] }] },
    })
  })

  test.each([
    ["with a slash", "a/b"],
    ["with nothing else", "/"],
    ["with a blank", "a b"],
    ["in other scripts", "ü 🎉 大"],
    ["with a percent sign", "100%"],
    ["as if it were encoded", "%2F"],
    ["as if it were encoded twice", "%25 %"],
    ["with what ends a path", "a?b#c"],
    ["with what begins parameters", "a;b"],
    ["with what forms encode", "a+b&c=d"],
    ["with a backslash", "\\"],
    ["connect", "connect"],
    ["test", "test"],
    ["resync", "resync"],
    ["tools", "tools"],
    ["as what objects have", "constructor"],
    ["as long as names can be", "名".repeat(255)],
    ["with many joiners", "👩‍👩‍👧‍👦".repeat(20)],
  ])("a server and a tool may have a name: %s", async (_, name) => {
    const { tools } = newOrganization(host())
    await using upstream = await legacyServer({ tools: [namedTool(name), namedTool("plain")] })
    await tools.addMcpServer({ serverName: name, serverUrl: upstream.url })
    expect(Object.keys(await tools.listMcpServers())).toStrictEqual([name])
    expect(await tools.listMcpToolsByServer(name)).toMatchObject([{ name }, { name: "plain" }])
    // Of a tool that is named like the call that lists them anew, the call wins.
    const added = name === "resync" ? "plain" : name
    expect(await tools.addMcpTool(name, added)).toMatchObject({ name: added, tags: [`mcp:${name}`] })
    expect(await tools.updateMcpServer(name, {})).toMatchObject({ serverName: name })
    expect(await tools.deleteMcpServer(name)).toStrictEqual([])
  })

  test("secrets are shown by the host's rule, and masks that come back keep them", async () => {
    const masking = await start({ maskSecrets: true })
    try {
      const { tools } = newOrganization(masking)
      await using upstream = await legacyServer()
      const remote = {
        serverUrl: upstream.url,
        authToken: "canary-1",
        customHeaders: { "X-Key": "canary-2" },
      }
      const { args, command } = stdioServer()
      const stdio = { command, args: [...args], env: { KEY: "canary-3" } }
      await tools.addMcpServer({ serverName: "remote", ...remote })
      await tools.addMcpServer({ serverName: "stdio", ...stdio })
      const listed = await tools.listMcpServers()
      expect(JSON.stringify(listed)).not.toContain("canary")
      expect(listed).toMatchObject({
        remote: { customHeaders: { "X-Key": "••••" } },
        stdio: { env: { KEY: "••••" } },
      })
      const stdioConfig = { serverName: "stdio", ...stdio, env: { KEY: "••••" } }
      expect(await tools.updateMcpServer("stdio", { stdioConfig })).toMatchObject({ env: { KEY: "••••" } })
      const added = tools.addMcpServer({ serverName: "new", ...stdio, env: { KEY: "••••" } })
      await expect(added).rejects.toThrow(Letta.UnprocessableEntityError)
    } finally {
      await masking.close()
    }
  })

  describe("tools", () => olderClientToolCases(host, start))
  describe("what it has no method for", () => serversByNameCases(host, start))
}

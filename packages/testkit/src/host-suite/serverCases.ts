import { NotFoundError } from "@letta-ai/letta-client"
import { expect, test } from "vitest"
import { everythingServer } from "../mcp-servers/everythingServer.ts"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

/** A URL of the right form at which nothing can be registered by accident: RFC 6761 reserves the name. */
const nowhere = "https://mcp.invalid/mcp"

/** The life of a registered server, as Letta's own tests of its client have it. */
export const serverCases = (host: () => SuiteHost): void => {
  test("creates a stdio server and reads it back, its environment intact", async () => {
    const { mcpServers } = host().letta()
    const server_name = uniqueName("stdio")
    const { args, command } = stdioServer()
    const env = { API_KEY: "a secret", EMPTY: "" }

    const created = await mcpServers.create({
      server_name,
      config: { mcp_server_type: "stdio", command, args, env },
    })
    expect(created).toStrictEqual({
      id: expect.stringMatching(
        /^mcp_server-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      server_name,
      mcp_server_type: "stdio",
      command,
      args,
      env,
    })
    expect(await mcpServers.retrieve(created.id ?? "")).toStrictEqual(created)
  })

  test("creates an SSE and a streamable HTTP server, with token and headers as given", async () => {
    const { mcpServers } = host().letta()
    for (const mcp_server_type of ["sse", "streamable_http"] as const) {
      const config = {
        mcp_server_type,
        server_url: nowhere,
        auth_header: "X-Api-Key",
        auth_token: "a token",
        custom_headers: { "X-Tenant": "one" },
      }
      const server_name = uniqueName(mcp_server_type)
      const created = await mcpServers.create({ server_name, config })
      expect(created).toStrictEqual({ id: created.id, server_name, ...config })
      expect(await mcpServers.retrieve(created.id ?? "")).toStrictEqual(created)
    }
  })

  test("tells the kind by the fields where the type is left out", async () => {
    const { mcpServers } = host().letta()
    const remote = await mcpServers.create({
      server_name: uniqueName("untyped"),
      config: { server_url: nowhere },
    })
    expect(remote.mcp_server_type).toBe("streamable_http")
    const { args, command } = stdioServer()
    const stdio = await mcpServers.create({ server_name: uniqueName("untyped"), config: { command, args } })
    expect(stdio.mcp_server_type).toBe("stdio")
  })

  test("lists all three kinds side by side, in order of creation, by pages too", async () => {
    const letta = host().letta("org-list/alice")
    const { args, command } = stdioServer()
    const configs = [
      { mcp_server_type: "stdio", command, args },
      { mcp_server_type: "sse", server_url: nowhere },
      { mcp_server_type: "streamable_http", server_url: nowhere },
    ] as const
    const created = []
    for (const config of configs) {
      created.push(await letta.mcpServers.create({ server_name: uniqueName("listed"), config }))
    }
    expect(await letta.mcpServers.list()).toStrictEqual(created)
    expect(await letta.mcpServers.list({ query: { limit: 2 } })).toStrictEqual(created.slice(0, 2))
    expect(await letta.mcpServers.list({ query: { limit: 2, after: created[1]?.id } })).toStrictEqual(
      created.slice(2),
    )
  })

  test("updates a stdio server", async () => {
    const { mcpServers } = host().letta()
    const { args, command } = stdioServer()
    const { id = "" } = await mcpServers.create({
      server_name: uniqueName("update"),
      config: { mcp_server_type: "stdio", command, args, env: { OLD: "1" } },
    })
    const server_name = uniqueName("updated")
    const updated = await mcpServers.update(id, {
      server_name,
      config: { mcp_server_type: "stdio", command, args: [...args, "more"], env: { NEW: "2" } },
    })
    expect(updated).toMatchObject({ id, server_name, args: [...args, "more"], env: { NEW: "2" } })
    expect(await mcpServers.retrieve(id)).toStrictEqual(updated)
  })

  test("a partial update keeps what it does not name, and null clears an optional field only", async () => {
    const { mcpServers } = host().letta()
    const { id = "", server_name } = await mcpServers.create({
      server_name: uniqueName("partial"),
      config: {
        mcp_server_type: "sse",
        server_url: nowhere,
        auth_header: "Authorization",
        auth_token: "Bearer kept",
        custom_headers: { "X-One": "1" },
      },
    })
    const moved = "https://mcp.invalid/moved"
    expect(
      await mcpServers.update(id, { config: { mcp_server_type: "sse", server_url: moved } }),
    ).toStrictEqual({
      id,
      server_name,
      mcp_server_type: "sse",
      server_url: moved,
      auth_header: "Authorization",
      auth_token: "Bearer kept",
      custom_headers: { "X-One": "1" },
    })
    expect(
      await mcpServers.update(id, { server_name: null, config: { server_url: null, custom_headers: null } }),
    ).toMatchObject({ server_name, mcp_server_type: "sse", server_url: moved, custom_headers: null })
    expect(await mcpServers.update(id, { config: { server_url: nowhere } })).toMatchObject({
      mcp_server_type: "sse",
      server_url: nowhere,
      auth_token: "Bearer kept",
    })
  })

  test("another type replaces the whole config, which must be complete", async () => {
    const { mcpServers } = host().letta()
    const { args, command } = stdioServer()
    const { id = "" } = await mcpServers.create({
      server_name: uniqueName("retyped"),
      config: { mcp_server_type: "sse", server_url: nowhere, auth_token: "gone" },
    })
    const incomplete = await host().request("PATCH", `/v1/mcp-servers/${id}`, {
      body: { config: { mcp_server_type: "stdio", command } },
    })
    expect(incomplete.status).toBe(422)
    expect(await mcpServers.retrieve(id)).toMatchObject({ mcp_server_type: "sse", auth_token: "gone" })
    const stdio = await mcpServers.update(id, { config: { mcp_server_type: "stdio", command, args } })
    expect(stdio).toStrictEqual({
      id,
      server_name: stdio.server_name,
      mcp_server_type: "stdio",
      command,
      args,
      env: null,
    })
  })

  test("names that every object has are names like others", async () => {
    const { mcpServers } = host().letta()
    const headers = { constructor: "value", toString: "{{ constructor | x }}", valueOf: "{{ toString | y }}" }
    const created = await mcpServers.create({
      server_name: uniqueName("constructor"),
      config: { server_url: nowhere, custom_headers: headers },
    })
    expect(created).toMatchObject({ custom_headers: headers })
    const { args, command } = stdioServer()
    const changed = { mcp_server_type: "stdio", command, args, env: { constructor: "••••" } } as const
    expect(await mcpServers.update(created.id ?? "", { config: changed })).toMatchObject({
      env: { constructor: "••••" },
    })
    expect(await mcpServers.list()).toContainEqual(expect.objectContaining({ id: created.id }))
    const missing = await host().request("POST", "/v1/mcp-servers/", {
      body: {
        server_name: uniqueName("missing"),
        config: { server_url: nowhere, auth_token: "{{ constructor }}" },
      },
    })
    expect(missing.status).toBe(200)
    const { id } = missing.body as { id: string }
    const refreshed = await host().request("PATCH", `/v1/mcp-servers/${id}/refresh`)
    expect(refreshed).toMatchObject({ status: 422, body: { error: { type: "variable_missing" } } })
  })

  test("a change of the URL brings the tools of the new server", async () => {
    await using one = await legacyServer({ tools: [] })
    await using other = await legacyServer()
    const { mcpServers } = host().letta()
    const { id = "" } = await mcpServers.create({
      server_name: uniqueName("moved"),
      config: { server_url: one.url },
    })
    expect(await mcpServers.tools.list(id)).toStrictEqual([])
    await mcpServers.update(id, { config: { server_url: other.url } })
    await expect.poll(async () => (await mcpServers.tools.list(id)).map(({ name }) => name)).toContain("echo")
  })

  test("a change of the name alone keeps the live session", async () => {
    await using upstream = await legacyServer()
    const { mcpServers } = host().letta()
    const { id = "" } = await mcpServers.create({
      server_name: uniqueName("kept"),
      config: { server_url: upstream.url },
    })
    await mcpServers.update(id, { server_name: uniqueName("renamed"), config: { server_url: upstream.url } })
    await mcpServers.refresh(id)
    expect(upstream.requests.filter((request) => request.rpcMethod === "initialize")).toHaveLength(1)
  })

  test("concurrent updates of different fields are all kept", async () => {
    const { mcpServers } = host().letta()
    const { id = "" } = await mcpServers.create({
      server_name: uniqueName("concurrent"),
      config: { server_url: nowhere },
    })
    const server_name = uniqueName("concurrent-renamed")
    await Promise.all([
      mcpServers.update(id, { server_name, config: { server_url: null } }),
      mcpServers.update(id, { config: { server_url: null, auth_token: "token" } }),
      mcpServers.update(id, { config: { server_url: null, auth_header: "X-Token" } }),
      mcpServers.update(id, { config: { server_url: null, custom_headers: { a: "b" } } }),
    ])
    expect(await mcpServers.retrieve(id)).toMatchObject({
      server_name,
      auth_token: "token",
      auth_header: "X-Token",
      custom_headers: { a: "b" },
    })
  })

  test("a deleted server is gone with its tools, and its name is free again", async () => {
    await using upstream = await legacyServer()
    const { mcpServers } = host().letta()
    const server_name = uniqueName("deleted")
    const { id = "" } = await mcpServers.create({ server_name, config: { server_url: upstream.url } })
    const [tool] = await mcpServers.tools.list(id)
    const deleted = await host().request("DELETE", `/v1/mcp-servers/${id}`)
    expect(deleted).toMatchObject({ status: 204, body: "" })

    await expect(mcpServers.retrieve(id)).rejects.toThrow(NotFoundError)
    await expect(mcpServers.delete(id)).rejects.toThrow(NotFoundError)
    await expect(mcpServers.tools.list(id)).rejects.toThrow(NotFoundError)
    await expect(mcpServers.tools.run(tool?.id ?? "", { mcp_server_id: id })).rejects.toThrow(NotFoundError)
    await expect(mcpServers.create({ server_name, config: { server_url: nowhere } })).resolves.toMatchObject({
      server_name,
    })
  })

  test("the whole life of server-everything, run through the API", async () => {
    const { mcpServers } = host().letta()
    const { args, command } = everythingServer("stdio")
    const { id = "" } = await mcpServers.create({
      server_name: uniqueName("everything"),
      config: { mcp_server_type: "stdio", command, args },
    })
    const tools = await mcpServers.tools.list(id)
    const echo = tools.find((tool) => tool.name === "echo")
    expect(echo).toBeDefined()
    expect(await mcpServers.tools.retrieve(echo?.id ?? "", { mcp_server_id: id })).toStrictEqual(echo)
    expect(
      await mcpServers.tools.run(echo?.id ?? "", { mcp_server_id: id, args: { message: "ahoy" } }),
    ).toMatchObject({ status: "success", func_return: "Echo: ahoy" })
    expect(await mcpServers.refresh(id)).toStrictEqual({ added: [], updated: [], deleted: [] })
    await mcpServers.delete(id)
    await expect(mcpServers.retrieve(id)).rejects.toThrow(NotFoundError)
  })
}

import { AuthenticationError, ConflictError, NotFoundError } from "@letta-ai/letta-client"
import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

const unknownId = "mcp_server-00000000-0000-4000-8000-000000000000"
const config = { server_url: "https://mcp.invalid/mcp" }

/** What holds for the API as a whole: both spellings of a path, actors, errors, the OpenAPI document. */
export const apiCases = (host: () => SuiteHost): void => {
  test("both spellings of a path answer, without a redirect", async () => {
    for (const path of ["/v1/mcp-servers", "/v1/health", "/v1/mcp-servers/connect-no-such"]) {
      const plain = await host().request("GET", path)
      const slashed = await host().request("GET", `${path}/`)
      expect(slashed.status).toBe(plain.status)
      expect(slashed.body).toStrictEqual(plain.body)
    }
    const created = await host().request("POST", "/v1/mcp-servers", {
      body: { server_name: uniqueName("bare"), config },
    })
    expect(created.status).toBe(200)
  })

  test("health needs nobody to be signed in", async () => {
    const answer = await host().request("GET", "/v1/health/", { headers: { authorization: "" } })
    expect(answer).toMatchObject({
      status: 200,
      body: { status: "ok", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    })
  })

  test("everything else answers 401 when nobody is signed in", async () => {
    await expect(host().letta("nobody").mcpServers.list()).rejects.toThrow(AuthenticationError)
    const requests = [
      ["GET", "/v1/mcp-servers/"],
      ["POST", "/v1/mcp-servers/"],
      ["GET", `/v1/mcp-servers/${unknownId}`],
      ["PATCH", `/v1/mcp-servers/${unknownId}`],
      ["DELETE", `/v1/mcp-servers/${unknownId}`],
      ["DELETE", `/v1/mcp-servers/${unknownId}/credential`],
      ["GET", `/v1/mcp-servers/${unknownId}/health`],
      ["GET", `/v1/mcp-servers/${unknownId}/audit`],
      ["PATCH", `/v1/mcp-servers/${unknownId}/refresh`],
      ["GET", `/v1/mcp-servers/${unknownId}/tools`],
      ["GET", `/v1/mcp-servers/${unknownId}/tools/tool-1`],
      ["POST", `/v1/mcp-servers/${unknownId}/tools/tool-1/run`],
      ["POST", `/v1/mcp-servers/${unknownId}/tools/tool-1/approve`],
    ] as const
    for (const [method, path] of requests) {
      const answer = await host().request(method, path, { headers: { authorization: "" } })
      expect(answer, `${method} ${path}`).toMatchObject({
        status: 401,
        body: { detail: expect.any(String), message: expect.any(String), error: { type: "unauthorized" } },
      })
    }
  })

  test("another organization's server looks as if it were not there", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    const [tool] = server.tools
    const stranger = { headers: { authorization: "Bearer org2/bob" } }
    const requests = [
      ["GET", `/v1/mcp-servers/${server.id}`],
      ["PATCH", `/v1/mcp-servers/${server.id}`, { config: { server_url: "https://elsewhere.invalid" } }],
      ["DELETE", `/v1/mcp-servers/${server.id}`],
      ["DELETE", `/v1/mcp-servers/${server.id}/credential`],
      ["GET", `/v1/mcp-servers/${server.id}/health`],
      ["GET", `/v1/mcp-servers/${server.id}/audit`],
      ["PATCH", `/v1/mcp-servers/${server.id}/refresh`],
      ["GET", `/v1/mcp-servers/${server.id}/tools`],
      ["GET", `/v1/mcp-servers/${server.id}/tools/${tool?.id}`],
      ["POST", `/v1/mcp-servers/${server.id}/tools/${tool?.id}/run`, { args: { text: "hi" } }],
      ["POST", `/v1/mcp-servers/${server.id}/tools/${tool?.id}/approve`],
    ] as const
    for (const [method, path, body] of requests) {
      const foreign = await host().request(method, path, { ...stranger, body })
      const absent = await host().request(method, path.replace(server.id, unknownId), { ...stranger, body })
      expect(foreign.status, `${method} ${path}`).toBe(404)
      expect(JSON.stringify(foreign.body).replaceAll(server.id, unknownId)).toBe(JSON.stringify(absent.body))
    }
    expect(await host().letta("org2/bob").mcpServers.list()).not.toContainEqual(
      expect.objectContaining({ id: server.id }),
    )
    expect(await host().letta().mcpServers.retrieve(server.id)).toMatchObject({ server_url: upstream.url })
    expect(upstream.calls).toStrictEqual([])
  })

  test("a name is taken within its organization only, and a conflict changes nothing", async () => {
    const { mcpServers } = host().letta()
    const server_name = uniqueName("taken")
    const first = await mcpServers.create({ server_name, config })
    const other = await mcpServers.create({ server_name: uniqueName("other"), config })
    await expect(mcpServers.create({ server_name, config })).rejects.toThrow(ConflictError)
    await expect(
      mcpServers.update(other.id ?? "", { server_name, config: {} as typeof config }),
    ).rejects.toThrow(ConflictError)
    expect(await mcpServers.retrieve(first.id ?? "")).toStrictEqual(first)
    expect(await mcpServers.retrieve(other.id ?? "")).toStrictEqual(other)
    await expect(host().letta("org2/bob").mcpServers.create({ server_name, config })).resolves.toMatchObject({
      server_name,
    })

    const conflict = await host().request("POST", "/v1/mcp-servers/", { body: { server_name, config } })
    expect(conflict).toMatchObject({ status: 409, body: { error: { type: "name_taken" } } })
    // The client would otherwise repeat a 409.
    expect(conflict.headers.get("x-should-retry")).toBe("false")
  })

  test("of many creates of one name at once one wins", async () => {
    const body = { server_name: uniqueName("raced"), config }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => host().request("POST", "/v1/mcp-servers/", { body })),
    )
    expect(answers.map((answer) => answer.status).toSorted()).toStrictEqual([
      200,
      ...Array<number>(7).fill(409),
    ])
  })

  test("a tool of another server of one's own is not found", async () => {
    await using upstream = await legacyServer()
    const one = await register(host(), { server_url: upstream.url })
    const other = await register(host(), { server_url: upstream.url })
    await expect(
      host()
        .letta()
        .mcpServers.tools.retrieve(one.tools[0]?.id ?? "", { mcp_server_id: other.id }),
    ).rejects.toThrow(NotFoundError)
  })

  test("the OpenAPI document describes what there is", async () => {
    const { body, headers, status } = await host().request("GET", "/openapi.json", {
      headers: { authorization: "" },
    })
    expect(status).toBe(200)
    expect(headers.get("content-type")).toBe("application/json")
    expect(body).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./), info: { title: "Mooring" } })
    const { paths } = body as {
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
    }
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(operations.toSorted()).toStrictEqual([
      "DELETE /v1/mcp-servers/{mcp_server_id}",
      "DELETE /v1/mcp-servers/{mcp_server_id}/credential",
      "DELETE /v1/tools/mcp/servers/{mcp_server_name}",
      "GET /v1/health/",
      "GET /v1/mcp-servers/",
      "GET /v1/mcp-servers/connect/{mcp_server_id}",
      "GET /v1/mcp-servers/{mcp_server_id}",
      "GET /v1/mcp-servers/{mcp_server_id}/audit",
      "GET /v1/mcp-servers/{mcp_server_id}/health",
      "GET /v1/mcp-servers/{mcp_server_id}/tools",
      "GET /v1/mcp-servers/{mcp_server_id}/tools/{tool_id}",
      "GET /v1/tools/mcp/oauth/callback",
      "GET /v1/tools/mcp/oauth/client-metadata.json",
      "GET /v1/tools/mcp/servers",
      "GET /v1/tools/mcp/servers/{mcp_server_name}/tools",
      "PATCH /v1/mcp-servers/{mcp_server_id}",
      "PATCH /v1/mcp-servers/{mcp_server_id}/refresh",
      "PATCH /v1/tools/mcp/servers/{mcp_server_name}",
      "POST /v1/mcp-servers/",
      "POST /v1/mcp-servers/{mcp_server_id}/tools/{tool_id}/approve",
      "POST /v1/mcp-servers/{mcp_server_id}/tools/{tool_id}/run",
      "POST /v1/tools/mcp/servers/connect",
      "POST /v1/tools/mcp/servers/test",
      "POST /v1/tools/mcp/servers/{mcp_server_name}/resync",
      "POST /v1/tools/mcp/servers/{mcp_server_name}/tools/{tool_name}/execute",
      "POST /v1/tools/mcp/servers/{mcp_server_name}/{mcp_tool_name}",
      "PUT /v1/tools/mcp/servers",
    ])
    for (const methods of Object.values(paths)) {
      for (const { responses } of Object.values(methods))
        expect(Object.keys(responses)).toContainEqual(expect.stringMatching(/^2/))
    }
  })

  test("HEAD answers as GET does, without a body", async () => {
    const head = await host().request("HEAD", "/v1/health")
    expect(head).toMatchObject({ status: 200, body: "" })
  })
}

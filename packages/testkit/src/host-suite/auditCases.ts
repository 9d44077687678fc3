import type { OptionsInput } from "@mooring/core"
import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { textResult } from "../mcp-servers/TestTool.ts"
import { eventsOf } from "./connectClients.ts"
import { framesOf, followRun } from "./followRun.ts"
import { register } from "./register.ts"
import type { RequestOptions, SuiteHost } from "./SuiteHost.ts"

const secret = "canary-9d2e"

/** Who did what to an MCP server, as its organization can read it. */
export const auditCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  const read = async (by: SuiteHost, id: string, query = "", options?: RequestOptions) => {
    const answer = await by.request("GET", `/v1/mcp-servers/${id}/audit${query}`, options)
    return { ...answer, records: answer.body as ReadonlyArray<Record<string, unknown>> }
  }

  test("every act is recorded, with who and when, and no secret", async () => {
    const watching = await start({ approveChangedTools: true })
    try {
      await using upstream = await legacyServer()
      const url = new URL(upstream.url)
      url.search = `?key=${secret}`
      const server = await register(watching, {
        server_url: url.href,
        auth_token: secret,
        custom_headers: { "X-Key": secret },
      })
      const path = `/v1/mcp-servers/${server.id}`
      const bob = { headers: { authorization: "Bearer org1/bob" } }
      await server.run("echo", { text: secret })
      await server.run("fail")
      await eventsOf(framesOf(await followRun(watching, server, "echo", { text: secret })))
      const renamed = { server_name: `${server.name} renamed`, config: { auth_token: `${secret}-2` } }
      await watching.request("PATCH", path, { ...bob, body: renamed })
      const connecting = await watching.request("GET", `/v1/mcp-servers/connect/${server.id}`)
      expect(connecting.body).toContain('"success"')
      const echo = server.tools.find(({ name }) => name === "echo")
      await upstream.setTools([
        {
          name: "echo",
          description: secret,
          inputSchema: { type: "object" },
          handle: () => textResult(secret),
        },
      ])
      await watching.request("PATCH", `${path}/refresh`)
      expect(await watching.request("POST", `${path}/tools/${echo?.id}/run`)).toMatchObject({ status: 409 })
      await watching.request("POST", `${path}/tools/${echo?.id}/approve`, bob)
      await watching.request("DELETE", `${path}/credential`, bob)
      await watching.request("DELETE", path)

      // It outlives the server.
      const { records, status } = await read(watching, server.id)
      expect(status).toBe(200)
      const of = (action: string) => records.filter((record) => record["action"] === action)
      expect(records[0]).toStrictEqual({
        id: expect.stringMatching(/^mcp_audit-[0-9a-f-]{36}$/),
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
        user_id: "alice",
        action: "deleted",
        name: `${server.name} renamed`,
      })
      expect(of("registered")).toMatchObject([{ user_id: "alice", name: server.name }])
      expect(of("changed")).toMatchObject([{ user_id: "bob", parts: ["name", "credentials"] }])
      expect(of("connected")).toMatchObject([{ user_id: "alice", outcome: "success" }])
      expect(of("signed_out")).toMatchObject([{ user_id: "bob" }])
      expect(of("approved")).toMatchObject([
        { user_id: "bob", tool: "echo", fingerprint: expect.any(String) },
      ])
      expect(of("tools_changed")).toMatchObject([
        { updated: { count: 1, names: ["echo"] }, deleted: { count: 8 } },
        { added: { count: 9, names: expect.arrayContaining(["echo", "refs"]) } },
      ])
      const runs = of("ran").map(({ outcome, runs, tool }) => ({ outcome, runs, tool }))
      const count = (tool: string, outcome: string) =>
        runs.reduce(
          (sum, run) => sum + (run.tool === tool && run.outcome === outcome ? Number(run.runs) : 0),
          0,
        )
      expect(count("echo", "success")).toBe(2)
      expect(count("fail", "error")).toBe(1)
      expect(count("echo", "tool_needs_approval")).toBe(1)
      expect(JSON.stringify(records)).not.toContain(secret)
      const times = records.map(({ at }) => String(at))
      expect(times).toStrictEqual(times.toSorted().toReversed())
      const facade = await watching.mooring.servers.audit(
        { organizationId: "org1", userId: "alice" },
        server.id,
      )
      expect(facade.map(({ id }) => id)).toStrictEqual(records.map(({ id }) => id))
    } finally {
      await watching.close()
    }
  })

  test("the routes by name are recorded alike", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    const path = `/v1/tools/mcp/servers/${server.name}`
    await host().request("POST", `${path}/tools/echo/execute`, { body: { args: { text: "hi" } } })
    await host().request("PATCH", path, { body: { server_url: `${upstream.url}?other` } })
    await host().request("DELETE", path)
    const { records } = await read(host(), server.id)
    const acts = records.filter(({ action }) => action !== "tools_changed")
    expect(acts).toMatchObject([
      { action: "deleted", name: server.name },
      { action: "changed", parts: ["endpoint"] },
      { action: "ran", tool: "echo", outcome: "success", runs: 1 },
      { action: "registered" },
    ])
  })

  test("it is read in pages, the newest first", async () => {
    const server = await register(host(), { server_url: "https://mcp.invalid/mcp" })
    for (const part of ["a", "b", "c", "d"]) {
      const body = { server_name: `${server.name} ${part}` }
      await host().request("PATCH", `/v1/mcp-servers/${server.id}`, { body })
    }
    const { records } = await read(host(), server.id)
    expect(records.map(({ action }) => action)).toStrictEqual([
      ...Array<string>(4).fill("changed"),
      "registered",
    ])
    const first = await read(host(), server.id, "?limit=2")
    expect(first.records).toStrictEqual(records.slice(0, 2))
    const second = await read(host(), server.id, `?limit=10&before=${String(records[1]?.["id"])}`)
    expect(second.records).toStrictEqual(records.slice(2))
    const last = await read(host(), server.id, `?before=${String(records.at(-1)?.["id"])}`)
    expect(last).toMatchObject({ status: 200, body: [] })
  })

  test("another organization's, and that of no server, is not found", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    const stranger = { headers: { authorization: "Bearer org2/mallory" } }
    const [record] = (await read(host(), server.id)).records
    const notFound = { status: 404, body: { error: { type: "mcp_server_not_found" } } }
    for (const query of ["", "?limit=1", `?before=${String(record?.["id"])}`]) {
      expect(await read(host(), server.id, query, stranger)).toMatchObject(notFound)
    }
    await host().request("DELETE", `/v1/mcp-servers/${server.id}`)
    expect(await read(host(), server.id, "", stranger)).toMatchObject(notFound)
    for (const id of ["mcp_server-00000000-0000-4000-8000-000000000000", "nonsense", "%00", "1 OR 1=1"]) {
      expect(await read(host(), encodeURIComponent(id))).toMatchObject(notFound)
    }
  })

  test.each([
    ["limit=0", "limit"],
    ["limit=many", "limit"],
    ["limit=10001", "limit"],
  ])("a page with %s is 422", async (query, field) => {
    const { id } = await register(host(), { server_url: "https://mcp.invalid/mcp" })
    expect(await read(host(), id, `?${query}`)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ["query", field] }] },
    })
    for (const before of ["nonsense", "%00", "mcp_audit-00000000-0000-4000-8000-000000000000", id]) {
      expect(await read(host(), id, `?before=${before}`)).toMatchObject({ status: 200, body: [] })
    }
  })
}

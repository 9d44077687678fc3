import type { OptionsInput } from "@mooring/core"
import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { textResult } from "../mcp-servers/TestTool.ts"
import type { RequestOptions, SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

const root = "/v1/tools/mcp/servers"
const nowhere = "https://mcp.invalid/mcp"

/** The routes that know servers by name, request by request. */
export const serversByNameCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  /** Requests in an organization of its own. */
  const newOrganization = (by: SuiteHost = host()) => {
    const headers = { authorization: `Bearer ${uniqueName("org")}/alice` }
    return (method: string, path: string, options: RequestOptions = {}) =>
      by.request(method, root + path, { ...options, headers })
  }

  test("resync lists a server's tools anew and tells what changed", async () => {
    const request = newOrganization()
    await using upstream = await legacyServer()
    await request("PUT", "", { body: { server_name: "server", server_url: upstream.url } })
    const inputSchema = { type: "object" }
    await upstream.setTools([
      { name: "echo", inputSchema, handle: () => textResult("") },
      { name: "resync", inputSchema, handle: () => textResult("") },
    ])
    expect(await request("POST", "/server/resync?agent_id=agent-1")).toMatchObject({
      status: 200,
      body: { added: ["resync"], updated: ["echo"], deleted: expect.arrayContaining(["add", "count"]) },
    })
    expect(await request("GET", "/server/tools")).toMatchObject({
      body: [{ name: "echo" }, { name: "resync" }],
    })
    expect(await request("POST", "/server/resync")).toMatchObject({
      body: { added: [], updated: [], deleted: [] },
    })
    await upstream.close()
    const failed = await request("POST", "/server/resync")
    expect(failed).toMatchObject({ status: 502, body: { error: { type: "mcp_server_unreachable" } } })
    expect(failed.headers.get("x-should-retry")).toBe("false")
  })

  test("execute runs a tool by its name, once", async () => {
    const request = newOrganization()
    await using upstream = await legacyServer()
    await request("PUT", "", { body: { server_name: "a/b", server_url: upstream.url } })
    const execute = (tool: string, options?: RequestOptions) =>
      request("POST", `/a%2Fb/tools/${encodeURIComponent(tool)}/execute`, options)
    expect(await execute("echo", { body: { args: { text: "ahoy" } } })).toMatchObject({
      status: 200,
      body: {
        status: "success",
        func_return: "ahoy",
        content: [{ type: "text", text: "ahoy" }],
        // As Letta's server answered here.
        result: "ahoy",
        success: true,
      },
    })
    for (const options of [{}, { body: {} }, { body: { args: null } }]) {
      expect(await execute("count", options)).toMatchObject({ status: 200, body: { success: true } })
    }
    expect(upstream.calls.filter(({ name }) => name === "count")).toHaveLength(3)
    expect(await execute("fail")).toMatchObject({
      status: 200,
      body: { status: "error", success: false, result: "The tool failed, as it always does" },
    })
    expect(await execute("echo", { body: { args: [] } })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ["body", "args"] }] },
    })
    const { length } = upstream.requests
    expect(await execute("no such")).toMatchObject({
      status: 404,
      body: { error: { type: "tool_not_found" } },
    })
    expect(upstream.requests).toHaveLength(length)
  })

  test("a patch keeps what it does not name, null clears, and the token has two names", async () => {
    const request = newOrganization()
    const given = {
      server_name: "sse",
      type: "sse",
      server_url: nowhere,
      auth_header: "X-Key",
      auth_token: "one",
      custom_headers: { a: "b" },
    }
    await request("PUT", "", { body: given })
    const patch = async (body: unknown) => (await request("PATCH", "/sse", { body })).body
    expect(await patch({ server_url: `${nowhere}/2` })).toStrictEqual({
      ...given,
      server_url: `${nowhere}/2`,
    })
    expect(await patch({ token: "two", custom_headers: null, server_url: null })).toStrictEqual({
      ...given,
      server_url: `${nowhere}/2`,
      auth_token: "two",
      custom_headers: null,
    })
    expect(await patch({ auth_token: null, auth_header: null, stdio_config: null })).toMatchObject({
      auth_token: null,
      auth_header: null,
    })
    const streamable = { type: "streamable_http", server_url: nowhere }
    expect(await patch({ mcp_server_type: "streamable_http", server_url: nowhere })).toMatchObject(streamable)
    expect(await patch({ server_name: "renamed" })).toMatchObject({ server_name: "renamed", ...streamable })
    expect(await request("PATCH", "/sse", { body: {} })).toMatchObject({ status: 404 })
    // Another kind, complete in `stdio_config`.
    const stdio = { command: "x", args: [] }
    const replaced = await request("PATCH", "/renamed", { body: { stdio_config: stdio } })
    expect(replaced.body).toStrictEqual({ server_name: "renamed", type: "stdio", ...stdio, env: null })
  })

  test("every name is listed, whatever names objects have", async () => {
    const request = newOrganization()
    const names = ["__proto__", "constructor", "toString", "a"]
    for (const server_name of names) {
      await request("PUT", "", { body: { server_name, type: "sse", server_url: nowhere } })
    }
    expect(Object.keys((await request("GET", "")).body as object).toSorted()).toStrictEqual(names.toSorted())
    expect(await request("DELETE", "/__proto__")).toMatchObject({
      status: 200,
      body: names.slice(1).map((server_name) => ({ server_name })),
    })
  })

  const invalid: ReadonlyArray<
    readonly [
      what: string,
      methods: ReadonlyArray<"PUT" | "POST" | "PATCH">,
      body: unknown,
      loc: ReadonlyArray<string>,
    ]
  > = [
    ["no body", ["PUT", "POST"], undefined, ["body"]],
    ["an array", ["PUT", "POST", "PATCH"], [], ["body"]],
    ["neither command nor URL", ["PUT", "POST"], { server_name: "x" }, ["body"]],
    ["no name", ["PUT", "POST"], { server_url: nowhere }, ["body", "server_name"]],
    [
      "a blank name",
      ["PUT", "POST", "PATCH"],
      { server_name: " ", server_url: nowhere },
      ["body", "server_name"],
    ],
    [
      "a URL that is none",
      ["PUT", "POST", "PATCH"],
      { server_name: "x", server_url: "x" },
      ["body", "server_url"],
    ],
    [
      "an unknown type",
      ["PUT", "POST", "PATCH"],
      { server_name: "x", type: "carrier-pigeon", server_url: nowhere },
      ["body", "type"],
    ],
    [
      "a header with a line break",
      ["PUT", "POST", "PATCH"],
      { server_name: "x", server_url: nowhere, custom_headers: { "X-A": "canary\r\nb: c" } },
      ["body", "custom_headers"],
    ],
    ["a command and a URL", ["PATCH"], { command: "x", server_url: nowhere }, ["body", "command"]],
    ["a command without arguments", ["PATCH"], { command: "x" }, ["body", "args"]],
    [
      "a stdio config that is incomplete",
      ["PATCH"],
      { stdio_config: { command: "x" } },
      ["body", "stdio_config", "args"],
    ],
  ]
  test.each(invalid)("%s is 422, and names the place in the flat form", async (_, methods, body, loc) => {
    const request = newOrganization()
    await request("PUT", "", { body: { server_name: "kept", type: "sse", server_url: nowhere } })
    const { body: before } = await request("GET", "")
    for (const method of methods) {
      const path = { PUT: "", POST: "/test", PATCH: "/kept" }[method]
      const answer = await request(method, path, { body })
      expect(answer, method).toMatchObject({
        status: 422,
        body: {
          detail: expect.arrayContaining([{ loc, msg: expect.any(String), type: expect.any(String) }]),
          message: expect.any(String),
        },
      })
      expect(JSON.stringify(answer.body)).not.toContain("canary")
    }
    expect((await request("GET", "")).body).toStrictEqual(before)
  })

  test("what the host does not allow is 403, and nothing is stored or sent", async () => {
    await using upstream = await legacyServer()
    const strict = await start({ stdio: "off", egress: {} })
    try {
      const request = newOrganization(strict)
      const { args, command } = stdioServer()
      await request("PUT", "", { body: { server_name: "kept", type: "sse", server_url: nowhere } })
      for (const [config, type] of [
        [{ command, args }, "stdio_disabled"],
        [{ server_url: upstream.url }, "network_forbidden"],
      ] as const) {
        const body = { server_name: "refused", ...config }
        for (const [method, path] of [
          ["PUT", ""],
          ["POST", "/test"],
          ["PATCH", "/kept"],
        ] as const) {
          const answer = await request(method, path, { body })
          expect(answer, `${method} ${path}`).toMatchObject({ status: 403, body: { error: { type } } })
        }
      }
      expect((await request("GET", "")).body).toStrictEqual({
        kept: expect.objectContaining({ server_url: nowhere }),
      })
      expect(upstream.requests).toStrictEqual([])
    } finally {
      await strict.close()
    }
  })

  test("both spellings of each path answer, to who is signed in and for one's own servers only", async () => {
    const request = newOrganization()
    await using upstream = await legacyServer()
    const name = uniqueName("ours")
    const body = { server_name: name, server_url: upstream.url }
    await request("PUT", "", { body })
    const { body: before } = await request("GET", "")
    const byName = [
      ["GET", `/${name}/tools`, undefined],
      ["POST", `/${name}/echo`, undefined],
      ["POST", `/${name}/resync`, undefined],
      ["POST", `/${name}/tools/echo/execute`, { args: { text: "x" } }],
      ["PATCH", `/${name}`, {}],
    ] as const
    const all = [["GET", "", undefined], ["POST", "/test", body], ...byName] as const
    for (const [method, path, body] of all) {
      for (const spelling of [path, `${path}/`]) {
        expect(await request(method, spelling, { body }), `${method} ${spelling}`).toMatchObject({
          status: 200,
        })
        const headers = { authorization: "" }
        expect(await host().request(method, root + spelling, { body, headers })).toMatchObject({
          status: 401,
        })
      }
    }
    const stranger = newOrganization()
    const { length } = upstream.requests
    for (const [method, path, body] of [...byName, ["DELETE", `/${name}`, undefined]] as const) {
      const foreign = await stranger(method, path, { body })
      const absent = await stranger(method, path.replace(name, "absent"), { body })
      expect(foreign, `${method} ${path}`).toMatchObject({
        status: 404,
        body: { error: { type: "mcp_server_not_found" } },
      })
      expect(JSON.stringify(foreign.body).replaceAll(name, "absent")).toBe(JSON.stringify(absent.body))
    }
    expect((await stranger("GET", "")).body).toStrictEqual({})
    expect((await request("GET", "")).body).toStrictEqual(before)
    expect(upstream.requests).toHaveLength(length)
    expect(await request("DELETE", `/${name}/`)).toMatchObject({ status: 200, body: [] })
  })

  test("a name that no server has is not found, whatever it is", async () => {
    const request = newOrganization()
    for (const name of ["%00", "%ED%A0%80", "%", "nonsense", "1%20OR%201=1", "x".repeat(4_000)]) {
      expect(await request("GET", `/${name}/tools`), name).toMatchObject({
        status: 404,
        body: { message: expect.any(String) },
      })
    }
  })

  test("of many adds of one name at once one wins", async () => {
    const request = newOrganization()
    const body = { server_name: "raced", type: "sse", server_url: nowhere }
    const answers = await Promise.all(Array.from({ length: 8 }, () => request("PUT", "", { body })))
    expect(answers.map(({ status }) => status).toSorted()).toStrictEqual([200, ...Array<number>(7).fill(409)])
  })
}

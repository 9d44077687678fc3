import type { OptionsInput } from "@mooring/core"
import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { misbehavingServer } from "../mcp-servers/misbehavingServer.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

/** Servers that do not work: stored all the same, explained on refresh, and no call is ever made twice. */
export const serverFaultCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  const refreshOf = async (
    suiteHost: SuiteHost,
    server_url: string,
    mcp_server_type: "sse" | "streamable_http",
  ) => {
    const { id, server_name } = await suiteHost.letta().mcpServers.create({
      server_name: uniqueName("faulty"),
      config: { server_url, mcp_server_type },
    })
    const answer = await suiteHost.request("PATCH", `/v1/mcp-servers/${id}/refresh`)
    expect(await suiteHost.letta().mcpServers.retrieve(id ?? "")).toMatchObject({ server_name, server_url })
    return answer
  }

  const wrongAnswers = [
    ["html", 502, /does not speak MCP|answered HTTP/],
    ["status_401", 403, /wants you to sign in/],
    ["status_401_challenge", 403, /wants you to sign in/],
    ["status_403", 502, /HTTP 403/],
    ["status_404", 502, /HTTP 404/],
    ["status_405", 502, /HTTP 405/],
    ["status_500", 502, /HTTP 500/],
    ["status_503", 502, /HTTP 503/],
    ["closes_socket", 502, /closed before an answer/],
    ["garbage_json_rpc", 502, /does not speak MCP/],
    ["truncated_json", 502, /does not speak MCP/],
  ] as const
  for (const type of ["streamable_http", "sse"] as const) {
    test.each(wrongAnswers)(`%s by ${type}: %i on refresh, with advice`, async (kind, status, message) => {
      await using upstream = await misbehavingServer(kind)
      const answer = await refreshOf(host(), upstream.url, type)
      expect(answer).toMatchObject({ status, body: { message: expect.stringMatching(message) } })
      // What a private network answers is not for whoever registers a URL.
      expect(JSON.stringify(answer.body)).not.toMatch(/Welcome|This server always answers/)
      if (status === 502) expect(answer.headers.get("x-should-retry")).toBe("false")
    })

    test.each(["never_answers", "endless_sse_comments"] as const)(
      `%s by ${type}: 504 within the limit`,
      async (kind) => {
        await using upstream = await misbehavingServer(kind)
        const impatient = await start({ limits: { connectTimeoutMs: 500 } })
        try {
          const answer = await refreshOf(impatient, upstream.url, type)
          expect(answer).toMatchObject({ status: 504, body: { error: { type: "mcp_server_timeout" } } })
        } finally {
          await impatient.close()
        }
      },
    )
  }

  test("a URL at which nobody listens is 502", async () => {
    const gone = await legacyServer()
    await gone.close()
    expect(await refreshOf(host(), gone.url, "streamable_http")).toMatchObject({
      status: 502,
      body: { message: expect.stringContaining("connection refused") },
    })
  })

  test("a private address is 403 where the host does not allow it, before anything is stored or sent", async () => {
    await using upstream = await legacyServer()
    const strict = await start({ egress: {} })
    try {
      for (const server_url of [
        upstream.url,
        upstream.url.replace("127.0.0.1", "[::ffff:127.0.0.1]"),
        "ftp://example.com/",
      ]) {
        const created = await strict.request("POST", "/v1/mcp-servers/", {
          body: { server_name: uniqueName("private"), config: { server_url } },
        })
        expect(created).toMatchObject({ status: 403, body: { error: { type: "network_forbidden" } } })
      }
      expect(await strict.letta().mcpServers.list()).toStrictEqual([])
      expect(upstream.requests).toStrictEqual([])
    } finally {
      await strict.close()
    }
  })

  test("a redirect to another origin is not followed", async () => {
    await using upstream = await misbehavingServer("cross_origin_redirect")
    expect(await refreshOf(host(), upstream.url, "streamable_http")).toMatchObject({ status: 502 })
    expect(upstream.redirected).toStrictEqual([])
  })

  test("one that hangs at the list of tools is 504 within the limit", async () => {
    await using upstream = await misbehavingServer("hangs_at_tools_list")
    const impatient = await start({ limits: { listTimeoutMs: 500, createWaitMs: 200 } })
    try {
      const answer = await refreshOf(impatient, upstream.url, "streamable_http")
      expect(answer).toMatchObject({
        status: 504,
        body: { message: expect.stringContaining("did not list its tools") },
      })
    } finally {
      await impatient.close()
    }
  })

  test("a list of tools without end is cut", async () => {
    await using upstream = await misbehavingServer("endless_cursor")
    const modest = await start({ limits: { maxToolPages: 5 } })
    try {
      expect((await register(modest, { server_url: upstream.url })).tools).toHaveLength(5)
    } finally {
      await modest.close()
    }
  })

  test.each([
    ["dies_in_tools_call", /lost during the call/],
    ["hangs_in_tools_call", /gave no result within 1/],
    ["tools_call_stream_ends", /gave no result within 1|lost during the call/],
  ] as const)("%s: a result of status error, and the call is made once", async (kind, message) => {
    await using upstream = await misbehavingServer(kind)
    const impatient = await start({ limits: { runTimeoutMs: 1_000 } })
    try {
      const server = await register(impatient, { server_url: upstream.url })
      expect(await server.run("ping")).toMatchObject({
        status: "error",
        func_return: expect.stringMatching(message),
        stderr: [expect.any(String)],
      })
      expect(upstream.requests.filter((request) => request.rpcMethod === "tools/call")).toHaveLength(1)
    } finally {
      await impatient.close()
    }
  })

  test.each(["legacy", "modern"] as const)(
    "404 to a call at a %s server without sessions proves nothing: the call is made once",
    async (era) => {
      await using upstream = await misbehavingServer("not_found_after_tool_call", { era })
      const server = await register(host(), { server_url: upstream.url })
      expect(await server.run("ping")).toMatchObject({ status: "error" })
      expect(upstream.requests.filter((request) => request.rpcMethod === "tools/call")).toHaveLength(1)
    },
  )

  test("a tool that asks for input again and again is given up", async () => {
    await using upstream = await misbehavingServer("asks_for_input_again_and_again", { era: "modern" })
    const impatient = await start({ limits: { serverRequests: 2 } })
    try {
      const server = await register(impatient, { server_url: upstream.url })
      expect(await server.run("ping")).toMatchObject({
        status: "error",
        func_return: expect.stringContaining("asks for input more than 2 times"),
      })
      expect(upstream.requests.filter((request) => request.rpcMethod === "tools/call")).toHaveLength(3)
    } finally {
      await impatient.close()
    }
  })

  // RFC 9110, section 15.5.2: the request has not been applied.
  test("401 to a call is answered with 403, and the call is made once", async () => {
    let signedOut = false
    await using upstream = await legacyServer({
      intercept: () => (signedOut ? new Response(null, { status: 401 }) : undefined),
    })
    const server = await register(host(), { server_url: upstream.url })
    signedOut = true
    await expect(server.run("count")).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("wants you to sign in"),
    })
    expect(upstream.requests.filter((request) => request.rpcMethod === "tools/call")).toHaveLength(1)
  })

  test("a result that is not valid MCP is told as that, and the session stays", async () => {
    await using upstream = await misbehavingServer("invalid_tool_result")
    const server = await register(host(), { server_url: upstream.url })
    for (const _ of [1, 2]) {
      expect(await server.run("ping")).toMatchObject({
        status: "error",
        func_return: expect.stringContaining("not valid MCP"),
      })
    }
    expect(upstream.requests.filter((request) => request.rpcMethod === "initialize")).toHaveLength(1)
  })

  test("the limit of a run includes connecting", async () => {
    let silent = false
    await using upstream = await legacyServer({
      intercept: () => (silent ? new Promise<never>(() => {}) : undefined),
    })
    const impatient = await start({ limits: { runTimeoutMs: 500, sessionIdleMs: 1 } })
    try {
      const server = await register(impatient, { server_url: upstream.url })
      const count = server.tools.find((tool) => tool.name === "count")
      await expect.poll(() => upstream.sessionCount).toBe(0)
      silent = true
      const answer = await impatient.request("POST", `/v1/mcp-servers/${server.id}/tools/${count?.id}/run`)
      expect(answer).toMatchObject({
        status: 504,
        body: { message: expect.stringContaining("within 0.5 s") },
      })
      expect(upstream.calls).toStrictEqual([])
    } finally {
      await impatient.close()
    }
  })

  test("a result that is too large is cut, and says so", async () => {
    await using upstream = await misbehavingServer("huge_tool_result", { bytes: 100_000 })
    const modest = await start({ limits: { resultBytes: 10_000 } })
    try {
      const result = await (await register(modest, { server_url: upstream.url })).run("ping")
      expect(result).toMatchObject({ status: "success", truncated: true, func_return: "r".repeat(10_000) })
    } finally {
      await modest.close()
    }
  })

  test("a run on a server that has gone is 502 and says so; it works again when the server is back", async () => {
    const upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    const { id } = server.tools.find((tool) => tool.name === "count") ?? {}
    await upstream.close()
    const answer = await host().request("POST", `/v1/mcp-servers/${server.id}/tools/${id}/run`)
    expect(answer).toMatchObject({ status: 502, body: { error: { type: "mcp_server_unreachable" } } })
    expect(answer.headers.get("x-should-retry")).toBe("false")

    await using revived = await legacyServer()
    await host()
      .letta()
      .mcpServers.update(server.id, { config: { server_url: revived.url } })
    expect(await server.run("count")).toMatchObject({ status: "success" })
    expect(revived.calls).toHaveLength(1)
  })
}

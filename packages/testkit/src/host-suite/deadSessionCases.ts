import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { legacySseServer } from "../mcp-servers/legacySseServer.ts"
import { modernServer } from "../mcp-servers/modernServer.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import type { HttpTestServerOptions, McpTestServer } from "../mcp-servers/TestServerOptions.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"

/** Sessions that have died between two runs: replaced before anybody notices, and no call is made twice. */
export const deadSessionCases = (host: () => SuiteHost): void => {
  test("one that the server has ended (404)", async () => {
    await using upstream = await legacyServer()
    const server = await register(host(), { server_url: upstream.url })
    await upstream.dropSessions()
    expect(await server.run("count")).toMatchObject({ status: "success" })
    expect(upstream.calls).toHaveLength(1)
  })

  test("one whose event stream was cut (SSE)", async () => {
    await using upstream = await legacySseServer()
    const server = await register(host(), { server_url: upstream.url, mcp_server_type: "sse" })
    await upstream.dropSessions()
    expect(await server.run("count")).toMatchObject({ status: "success" })
    expect(upstream.calls).toHaveLength(1)
    expect(upstream.sessionCount).toBe(1)
  })

  test("one of a command that was killed", async () => {
    const server = await register(host(), { mcp_server_type: "stdio", ...stdioServer() })
    const { func_return: first } = await server.run("pid")
    process.kill(Number(first), "SIGKILL")
    // What is written before the system has told us may have been read.
    await expect
      .poll(() => host().request("GET", `/v1/mcp-servers/${server.id}/health`))
      .toMatchObject({ body: { live_sessions: 0 } })
    const second = await server.run("pid")
    expect(second).toMatchObject({ status: "success" })
    expect(second.func_return).not.toBe(first)
  })

  const kinds: ReadonlyArray<
    readonly [string, "sse" | "streamable_http", (options: HttpTestServerOptions) => Promise<McpTestServer>]
  > = [
    ["2025-11-25", "streamable_http", legacyServer],
    ["2026-07-28", "streamable_http", modernServer],
    ["2024-11-05", "sse", legacySseServer],
  ]
  test.each(kinds)(
    "one with a server of %s (%s) that was restarted, with connections kept alive",
    async (_, mcp_server_type, serve) => {
      const before = await serve({})
      const server = await register(host(), { server_url: before.url, mcp_server_type })
      // Several at once, so that more than one connection is kept.
      const runs = await Promise.all([1, 2, 3].map(() => server.run("echo", { text: "hi" })))
      expect(runs).toMatchObject([{ status: "success" }, { status: "success" }, { status: "success" }])
      await before.close()
      await using after = await serve({ port: Number(new URL(before.url).port) })
      for (const count of [1, 2]) {
        expect(await server.run("count")).toMatchObject({ status: "success" })
        expect(after.calls).toHaveLength(count)
      }
    },
  )
}

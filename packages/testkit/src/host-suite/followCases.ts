import type { OptionsInput } from "@mooring/core"
import { expect, test } from "vitest"
import { legacyServer } from "../mcp-servers/legacyServer.ts"
import { legacySseServer } from "../mcp-servers/legacySseServer.ts"
import { modernServer } from "../mcp-servers/modernServer.ts"
import { reportTool } from "../mcp-servers/reportTool.ts"
import { stdioServer } from "../mcp-servers/stdioServer.ts"
import { JsonRpcError, type TestTool } from "../mcp-servers/TestTool.ts"
import { eventsOf } from "./connectClients.ts"
import { framesOf, followRun } from "./followRun.ts"
import { register } from "./register.ts"
import type { SuiteHost } from "./SuiteHost.ts"

const tools = [reportTool]

const httpServers = [
  ["up to 2025-11-25", "streamable_http", legacyServer],
  ["2024-11-05, over SSE", "sse", legacySseServer],
  ["2026-07-28", "streamable_http", modernServer],
] as const

const commands = [
  ["up to 2025-11-25", "legacy"],
  ["2026-07-28", "modern"],
] as const

const notices = [
  { progress: 1, total: 2, message: "half\n\nevent: error\r\ndata: {}" },
  { level: "info", logger: "größe", data: "line\n\ndata: [DONE]" },
  { progress: 2, total: 2 },
]

const expected = [
  { event: "progress", ...notices[0] },
  { event: "log", ...notices[1] },
  { event: "progress", ...notices[2] },
  { event: "result", status: "success", truncated: false, stderr: [] },
]

/** A run that is followed as a stream of events. */
export const followCases = (
  host: () => SuiteHost,
  start: (options: OptionsInput) => Promise<SuiteHost>,
): void => {
  test.each(httpServers)("progress, log messages, result: a server of %s", async (_, type, serve) => {
    await using upstream = await serve({ tools })
    const server = await register(host(), { mcp_server_type: type, server_url: upstream.url })
    const answer = await followRun(host(), server, "report", { notices })
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    })
    expect(await eventsOf(framesOf(answer))).toMatchObject(expected)
    expect(upstream.calls).toHaveLength(1)
  })

  test.each(commands)("progress, log messages, result: a command of %s", async (_, era) => {
    const server = await register(host(), {
      mcp_server_type: "stdio",
      ...stdioServer({ era, reports: true }),
    })
    const answer = await followRun(host(), server, "report", { notices })
    expect(await eventsOf(framesOf(answer))).toMatchObject(expected)
  })

  test.each(httpServers)(
    "a follower who goes away cancels the run: a server of %s",
    async (_, type, serve) => {
      await using upstream = await serve({ tools })
      const server = await register(host(), { mcp_server_type: type, server_url: upstream.url })
      const answer = await followRun(host(), server, "report", { notices: [{ progress: 1 }], waits: true })
      for await (const event of framesOf(answer)) {
        expect(event).toStrictEqual({ event: "progress", progress: 1 })
        break
      }
      expect(await upstream.cancelled).toMatchObject({ name: "report" })
      // The session is as good as before.
      expect(await server.run("report", { notices: [] })).toMatchObject({ status: "success" })
    },
  )

  test("a run that is not followed is answered as ever, and its server asked for nothing more", async () => {
    await using upstream = await modernServer({ tools })
    const server = await register(host(), { server_url: upstream.url })
    for (const accept of ["application/json", "*/*", "application/json, text/event-stream"]) {
      const answer = await followRun(host(), server, "report", { notices }, { accept })
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/)
      const { func_return: meta, ...rest } = JSON.parse(await answer.text())
      expect(rest).toStrictEqual({
        status: "success",
        stdout: [],
        stderr: [],
        agent_state: null,
        sandbox_config_fingerprint: null,
        content: [{ type: "text", text: meta }],
        truncated: false,
      })
      expect(meta).not.toContain("progressToken")
      expect(meta).not.toContain("logLevel")
    }
  })

  test("what is known before the first byte is a plain error", async () => {
    await using upstream = await modernServer({ tools })
    const server = await register(host(), { server_url: upstream.url })
    const invalid = await followRun(host(), server, "report", "no arguments")
    expect(invalid.status).toBe(422)
    expect(await invalid.json()).toMatchObject({ detail: [{ loc: ["body", "args"] }] })
    const foreign = await followRun(host(), server, "report", {}, { authorization: "Bearer org2/eve" })
    expect(foreign.status).toBe(404)
    expect(await foreign.json()).toMatchObject({ error: { type: "mcp_server_not_found" } })
    expect(upstream.calls).toHaveLength(0)

    await upstream.close()
    const idle = await start({ limits: { sessionIdleMs: 1 } })
    try {
      await using gone = await legacyServer({ tools })
      const unreachable = await register(idle, { server_url: gone.url })
      await gone.close()
      await expect
        .poll(async () => (await followRun(idle, unreachable, "report", { notices })).status)
        .toBe(502)
    } finally {
      await idle.close()
    }
  })

  test("a fault of the tool's is a result of status error, an event as any other", async () => {
    const fails: TestTool = {
      name: "fails",
      inputSchema: { type: "object" },
      handle: () => {
        throw new JsonRpcError(-32050, "no\n\nevent: result")
      },
    }
    await using upstream = await legacyServer({ tools: [fails] })
    const server = await register(host(), { server_url: upstream.url })
    const events = await eventsOf(framesOf(await followRun(host(), server, "fails", {})))
    expect(events).toMatchObject([
      { event: "result", status: "error", func_return: expect.stringContaining("event: result") },
    ])
  })
}
